import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { applyTextEdit } from './text-edit.ts';

it('turns any text into any other', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (from, to) => {
      const text = new Y.Doc().getText('t');
      text.insert(0, from);
      applyTextEdit(text, to);
      expect(text.toString()).toBe(to);
    }),
  );
});

it('P2: edits at distant places of one text both stay', () => {
  const base = new Y.Doc();
  base.getText('t').insert(0, 'image: app:1\nports:\n  - 80\n');
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(base));
  applyTextEdit(base.getText('t'), 'image: app:2\nports:\n  - 80\n');
  applyTextEdit(other.getText('t'), 'image: app:1\nports:\n  - 8080\n');
  Y.applyUpdate(base, Y.encodeStateAsUpdate(other));
  expect(base.getText('t').toString()).toBe('image: app:2\nports:\n  - 8080\n');
});
