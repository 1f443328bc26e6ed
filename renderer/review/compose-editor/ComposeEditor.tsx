import {
  autocompletion,
  type CompletionContext,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import { words } from '#renderer/words/index.ts';
import { codeTheme } from '../code-theme.ts';
import { type AppNames, completeCompose } from './complete-compose.ts';
import classes from './compose-editing.module.css';
import type { EditorContent } from './content.ts';
import { type ComposeFinding, rangeOf } from './finding.ts';
import { indentAfter } from './indent-after.ts';
import type { Judged } from './use-judge.ts';

export interface ComposeEditorHandle {
  /** Goes to a place and takes the focus there. */
  goTo(finding: Pick<ComposeFinding, 'line' | 'column'>): void;
  /** Replaces everything, as one step of undo. */
  replace(text: string): void;
}

export interface ComposeEditorProps {
  readonly ref: Ref<ComposeEditorHandle>;
  readonly content: EditorContent;
  readonly names: AppNames;
  readonly wrap: boolean;
  readonly height: 'screen' | 'text';
  readonly judged: Judged | null;
  readonly describedBy: string;
  readonly onAllow: (finding: ComposeFinding) => void;
}

/** A Compose file in an editor. Bound to a document, what is typed is the document; else it is told to the screen. */
export default function ComposeEditor(props: ComposeEditorProps) {
  const { ref, content, names, wrap, height, judged, describedBy, onAllow } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ names, onAllow, content });
  latest.current = { names, onAllow, content };
  const wrapping = useRef(new Compartment());
  const firstWrap = useRef(wrap);

  const text = content.kind === 'document' ? content.text : null;
  const undoManager = content.kind === 'document' ? content.undoManager : null;
  useEffect(() => {
    if (host.current === null) return;
    const own = latest.current.content.kind === 'own' ? latest.current.content : null;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text === null ? (own?.initial ?? '') : text.toString(),
        extensions: [
          ...composeExtensions(() => latest.current.names),
          wrapping.current.of(firstWrap.current ? EditorView.lineWrapping : []),
          EditorView.contentAttributes.of({
            'aria-label': words.compose.label,
            'aria-describedby': describedBy,
            spellcheck: 'false',
            autocorrect: 'off',
            autocapitalize: 'off',
            // Its scrolling box is reached by the keyboard through it, and tools that check know that only so.
            tabindex: '0',
          }),
          ...(text === null || undoManager === null
            ? keptBy((typed) => latest.current.content.kind === 'own' && latest.current.content.onChange(typed))
            : [keymap.of(yUndoManagerKeymap), yCollab(text, null, { undoManager })]),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [text, undoManager, describedBy]);

  useEffect(() => {
    view.current?.dispatch({ effects: wrapping.current.reconfigure(wrap ? EditorView.lineWrapping : []) });
  }, [wrap]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || judged === null) return;
    const content = editor.state.doc.toString();
    // The person typed on: marks of the old text move with it until the new judgement is there.
    if (content !== judged.of) return;
    const diagnostics = judged.findings.map((finding) =>
      diagnosticOf(content, finding, (one) => latest.current.onAllow(one)),
    );
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [judged]);

  useImperativeHandle(ref, () => ({
    goTo(finding) {
      const editor = view.current;
      if (editor === null) return;
      const { from, to } = rangeOf(editor.state.doc.toString(), finding);
      editor.dispatch({
        selection: { anchor: from, head: to },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      editor.focus();
    },
    replace(insert) {
      const editor = view.current;
      editor?.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert } });
    },
  }));

  return <div ref={host} className={classes.editor} data-height={height} />;
}

/** A text of the screen's own, with the editor's own undo. */
function keptBy(onChange: (text: string) => void): Extension[] {
  return [
    history(),
    keymap.of(historyKeymap),
    placeholder(words.compose.placeholder),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
}

function composeExtensions(names: () => AppNames): Extension[] {
  const complete = (context: CompletionContext) => {
    const found = completeCompose(context.state.doc.toString(), context.pos, names());
    if (found === null || (!context.explicit && found.from === context.pos && !context.matchBefore(/[\s{]/)))
      return null;
    return {
      from: found.from,
      validFor: /^[\w.-]*$/,
      options: found.offers.map(({ label, insert, kind, about }, index) => ({
        label,
        apply: insert,
        type: { key: 'property', value: 'enum', name: 'variable', variable: 'variable' }[kind],
        // The schema's own order: what belongs together stands together.
        boost: -index / 100,
        ...(about === null ? {} : { detail: about }),
      })),
    };
  };
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    // A bidi or control character in a pasted file is shown for what it is (A8-26).
    highlightSpecialChars(),
    foldGutter(),
    lintGutter(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    yaml(),
    codeTheme,
    autocompletion({ override: [complete], icons: false, maxRenderedOptions: 9 }),
    // Tab indents, so Escape must let go of it: Escape, then Tab, leaves the editor (WCAG 2.1.2). CodeMirror's own
    // Escape (closing a list or the search) goes first and keeps the editor.
    Prec.low(keymap.of([{ key: 'Escape', run: releaseTab }])),
    Prec.high(keymap.of([{ key: 'Enter', run: newLineBelowKey }])),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...searchKeymap,
      ...foldKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
  ];
}

/** Below a key that ends its line, whatever stood there before; the language's own rule keeps the column then. */
function newLineBelowKey(editor: EditorView): boolean {
  const { main } = editor.state.selection;
  // A list of completions takes Enter first.
  if (!main.empty || editor.state.selection.ranges.length > 1 || completionStatus(editor.state) === 'active')
    return false;
  const line = editor.state.doc.lineAt(main.head);
  const indent = indentAfter(line.text.slice(0, main.head - line.from));
  if (indent === null || line.text.slice(main.head - line.from).trim() !== '') return false;
  editor.dispatch(editor.state.replaceSelection(`\n${' '.repeat(indent)}`), {
    scrollIntoView: true,
    userEvent: 'input',
  });
  return true;
}

/** For two seconds Tab is the browser's again. */
function releaseTab(editor: EditorView): boolean {
  editor.setTabFocusMode(2_000);
  return false;
}

function diagnosticOf(text: string, finding: ComposeFinding, onAllow: (finding: ComposeFinding) => void): Diagnostic {
  const actions = finding.exception === null ? [] : [{ name: words.compose.allow, apply: () => onAllow(finding) }];
  return {
    ...rangeOf(text, finding),
    severity: finding.severity === 'error' ? 'error' : 'warning',
    message: [finding.message, finding.next].filter(Boolean).join('\n'),
    ...(finding.rule === null ? {} : { source: finding.rule }),
    actions,
  };
}
