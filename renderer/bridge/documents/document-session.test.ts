import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { PERSON_ORIGIN, VIEW_TEXTS } from '#shared/contracts/ipc/index.ts';
import { createBridgeDouble } from '#shared/testing/bridge-double.ts';
import { readItems } from './document-items.ts';
import { type DocumentSession, openDocumentSession } from './document-session.ts';

const open: DocumentSession[] = [];
afterEach(() => {
  for (const session of open.splice(0)) session.close();
});

function session(): DocumentSession {
  const made = openDocumentSession(createBridgeDouble(), 'fleet');
  open.push(made);
  return made;
}

const id = 'b'.repeat(26);

describe('what a person edits in a view document', () => {
  it('P2: each write is one step of undo, and undo brings back what was', () => {
    const { store, setFields, undo } = session();
    setFields(new Map([['name', 'one']]));
    setFields(new Map([['name', 'two']]));
    expect(store.getState()).toMatchObject({ canUndo: true, canRedo: false });
    undo.undo();
    expect(store.getState().fields.get('name')).toBe('one');
    undo.undo();
    expect(store.getState()).toMatchObject({ canUndo: false, canRedo: true });
    undo.redo();
    undo.redo();
    expect(store.getState().fields.get('name')).toBe('two');
  });

  it('P2: undo leaves alone what the host changed', () => {
    const { store, setFields, undo, text } = session();
    setFields(new Map([['name', 'mine']]));
    const doc = (undo as unknown as { doc: Y.Doc }).doc;
    doc.transact(() => doc.getMap(VIEW_TEXTS).set('compose', new Y.Text('services: {}')), 'host');
    undo.undo();
    expect(store.getState().texts.has('compose')).toBe(true);
    expect(text('compose')?.toString()).toBe('services: {}');
    expect(store.getState().fields.has('name')).toBe(false);
  });

  it('P2: typing into a text by a person can be undone', () => {
    const { undo, text } = session();
    const doc = (undo as unknown as { doc: Y.Doc }).doc;
    doc.transact(() => doc.getMap(VIEW_TEXTS).set('compose', new Y.Text('a')), 'host');
    doc.transact(() => text('compose')?.insert(1, 'b'), PERSON_ORIGIN);
    expect(text('compose')?.toString()).toBe('ab');
    undo.undo();
    expect(text('compose')?.toString()).toBe('a');
  });
});

it('items stand in the order they were made, without those removed', () => {
  const fields = new Map<string, string>([
    [`env/${id}/key`, 'LATER'],
    [`env/${id}/createdAt`, '2026-01-02T00:00:00.000Z'],
    [`env/${'c'.repeat(26)}/key`, 'FIRST'],
    [`env/${'c'.repeat(26)}/createdAt`, '2026-01-01T00:00:00.000Z'],
    [`env/${'d'.repeat(26)}/key`, 'GONE'],
    [`env/${'d'.repeat(26)}/removedAt`, '2026-01-03T00:00:00.000Z'],
    [`routes/${id}/hostname`, 'x'],
    ['name', 'app'],
  ]);
  expect(readItems(fields, 'env').map((item) => item.fields.key)).toEqual(['FIRST', 'LATER']);
});
