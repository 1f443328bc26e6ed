import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/**
 * CodeMirror's own colours, lighter on dark ground. By `light-dark`, so that an editor is not made anew when the scheme
 * changes.
 */
const highlight = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) =>
    typeof spec.color === 'string'
      ? { ...spec, color: `light-dark(${spec.color}, color-mix(in oklab, ${spec.color}, white 60%))` }
      : spec,
  ),
);

const theme = EditorView.theme({
  '&': { color: 'var(--mantine-color-text)', backgroundColor: 'var(--ov-raised)', fontSize: '13px' },
  // The box around an editor shows the focus: the gutter would cover one drawn in here.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '20px' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'light-dark(#cdd7ff, #34406e)',
  },
  '.cm-gutters': {
    color: 'var(--mantine-color-dimmed)',
    backgroundColor: 'var(--ov-raised)',
    borderRight: '1px solid var(--ov-line)',
  },
  '.cm-placeholder': { color: 'var(--mantine-color-dimmed)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--ov-hover)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--ov-selected)' },
  '.cm-searchMatch': { backgroundColor: 'light-dark(#ffe08a, #6b5300)' },
  '.cm-searchMatch-selected': { outline: '2px solid var(--ov-warn)' },
  '.cm-foldPlaceholder': {
    color: 'var(--mantine-color-dimmed)',
    backgroundColor: 'var(--ov-quiet-soft)',
    border: 'none',
    padding: '0 4px',
  },
  '.cm-panels': { color: 'var(--mantine-color-text)', backgroundColor: 'var(--ov-sunken)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--ov-line)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--ov-line)' },
  '.cm-textfield': {
    color: 'inherit',
    backgroundColor: 'var(--ov-raised)',
    border: '1px solid var(--ov-line-strong)',
    borderRadius: '4px',
    padding: '4px 8px',
  },
  '.cm-button': {
    color: 'inherit',
    backgroundImage: 'none',
    backgroundColor: 'var(--ov-raised)',
    border: '1px solid var(--ov-line-strong)',
    borderRadius: '4px',
    padding: '4px 8px',
  },
  '.cm-tooltip': {
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--ov-raised)',
    border: '1px solid var(--ov-line-strong)',
    borderRadius: '6px',
    maxWidth: 'min(480px, 90vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '12px',
    // All that is drawn fits: a list that scrolls could not be reached by keyboard, as the focus stays in the text.
    maxHeight: '260px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', lineHeight: '20px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { color: 'inherit', backgroundColor: 'var(--ov-selected)' },
  '.cm-completionDetail': { color: 'var(--mantine-color-dimmed)', fontStyle: 'normal' },
  '.cm-diagnostic': { padding: '6px 10px', fontSize: '13px', lineHeight: '20px' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--ov-bad)' },
  '.cm-diagnostic-warning': { borderLeft: '4px solid var(--ov-warn)' },
  '.cm-diagnosticAction': {
    color: 'inherit',
    backgroundColor: 'var(--ov-quiet-soft)',
    border: '1px solid var(--ov-line-strong)',
    borderRadius: '4px',
    marginLeft: '0',
  },
  '.cm-deletedChunk': { backgroundColor: 'var(--ov-bad-soft)' },
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--ov-good-soft) !important' },
  '.cm-collapsedLines': {
    color: 'var(--mantine-color-dimmed)',
    background: 'var(--ov-sunken)',
  },
});

/** How code looks in every editor and comparison. */
export const codeTheme: Extension = [theme, syntaxHighlighting(highlight)];
