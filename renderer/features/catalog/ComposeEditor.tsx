import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';

/** Something to mark in the text. Lines and columns count from 1. */
export interface Mark {
  readonly line: number;
  readonly column: number | null;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export interface ComposeEditorHandle {
  goTo(line: number, column: number | null): void;
  /** Replaces everything, as one step of undo. */
  replace(text: string): void;
}

export interface ComposeEditorProps {
  label: string;
  hint: string;
  initial: string;
  marks: readonly Mark[];
  onChange: (text: string) => void;
  ref: Ref<ComposeEditorHandle>;
}

/** Editor for a Compose file that is nobody's yet. Tab leaves it, so that the keyboard is never caught. */
export default function ComposeEditor({ label, hint, initial, marks, onChange, ref }: ComposeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the editor's own once it is there
  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      doc: initial,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        yaml(),
        syntaxHighlighting(colours),
        placeholder(hint),
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({
          'aria-label': label,
          spellcheck: 'false',
          autocapitalize: 'off',
          // Its scrolling box is reached by the keyboard through it, and tools that check know that only so.
          tabindex: '0',
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current(update.state.doc.toString());
        }),
        theme,
      ],
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [label]);

  useEffect(() => {
    const editor = view.current;
    if (editor)
      editor.dispatch(
        setDiagnostics(
          editor.state,
          marks.map((mark) => toDiagnostic(editor.state.doc, mark)),
        ),
      );
  }, [marks]);

  useImperativeHandle(
    ref,
    () => ({
      goTo(line, column) {
        const editor = view.current;
        if (!editor) return;
        const { from } = toDiagnostic(editor.state.doc, { line, column, severity: 'error', message: '' });
        editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
        editor.focus();
      },
      replace(text) {
        const editor = view.current;
        editor?.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
      },
    }),
    [],
  );
  return <div ref={host} />;
}

function toDiagnostic(doc: Text, { line, column, severity, message }: Mark): Diagnostic {
  const place = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const from = column === null ? place.from : Math.min(place.from + column - 1, place.to);
  return { from, to: Math.max(from, place.to), severity, message };
}

const theme = EditorView.theme({
  '&': { fontSize: '13px', backgroundColor: 'var(--ov-surface)', color: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', maxHeight: '60vh' },
  '.cm-content, .cm-gutter': { minHeight: '320px' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)', padding: '8px 0' },
  '.cm-gutters': {
    backgroundColor: 'var(--ov-sunken)',
    color: 'var(--mantine-color-dimmed)',
    borderInlineEnd: '1px solid var(--ov-line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--ov-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--ov-selected)',
  },
  '.cm-placeholder': { color: 'var(--mantine-color-dimmed)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--ov-raised)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--ov-line-strong)',
  },
});

/** CodeMirror's own colours stand on white only; these stand on both grounds. */
const readable: Record<string, string> = {
  '#00c': 'var(--ov-busy)',
  '#00f': 'var(--ov-busy)',
  '#a11': 'var(--ov-good)',
  '#164': 'var(--ov-warn)',
  '#219': 'var(--ov-warn)',
  '#940': 'var(--mantine-color-dimmed)',
};

const colours = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ color, ...spec }) => ({
    ...spec,
    ...(typeof color === 'string' && { color: readable[color] ?? 'var(--mantine-color-text)' }),
  })),
);
