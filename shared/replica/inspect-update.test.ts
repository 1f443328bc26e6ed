import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { inspectUpdate } from './inspect-update.ts';

const ID = 'a'.repeat(26);
const NOTHING = new Map<number, number>();

function updateOf(clientId: number, change: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  change(doc);
  return Y.encodeStateAsUpdate(doc);
}

function codeOf(update: Uint8Array, clientId = 7, state: ReadonlyMap<number, number> = NOTHING): string {
  const result = inspectUpdate(update, clientId, state);
  return result.ok ? 'ok' : result.error.code;
}

describe('P2: an update is read before it is merged', () => {
  it('takes an entry and a text', () => {
    const update = updateOf(7, (doc) => {
      doc.getMap('entries').set(ID, { field: 'name' });
      doc.getMap('texts').set(ID, new Y.Text('hello'));
    });
    expect(codeOf(update)).toBe('ok');
  });

  it('A7-5: refuses a garbage-collection struct that would silence its client for ever', () => {
    const silence = Uint8Array.from([1, 1, 7, 0, 0, 0xff, 0xff, 0xff, 0xff, 7, 0]);
    expect(codeOf(silence)).toBe('row.malformed');
  });

  it('A7-6: refuses structs of another client', () => {
    expect(codeOf(updateOf(8, (doc) => doc.getMap('entries').set(ID, 1)))).toBe('row.foreign-client');
  });

  it('A7-4: refuses an update whose predecessor is missing', () => {
    const doc = new Y.Doc();
    doc.clientID = 7;
    doc.getMap('entries').set(ID, 1);
    const before = Y.encodeStateVector(doc);
    doc.getMap('entries').set('b'.repeat(26), 2);
    expect(codeOf(Y.encodeStateAsUpdate(doc, before))).toBe('row.gap');
  });

  it('A7-2: refuses nested maps', () => {
    expect(codeOf(updateOf(7, (doc) => doc.getMap('entries').set(ID, new Y.Map())))).toBe('row.malformed');
  });

  it('A7-7: refuses an unknown root and a root opened as another type', () => {
    expect(codeOf(updateOf(7, (doc) => doc.getMap('other').set(ID, 1)))).toBe('row.malformed');
    expect(codeOf(updateOf(7, (doc) => doc.getArray('entries').push([1])))).toBe('row.malformed');
  });

  it('A7-1: refuses keys that are not random ids', () => {
    expect(codeOf(updateOf(7, (doc) => doc.getMap('entries').set('__proto__', 1)))).toBe('row.malformed');
  });

  it('A7-8: refuses truncated and empty input', () => {
    expect(codeOf(Uint8Array.from([1, 0xff, 0xff, 0xff, 0xff, 7]))).toBe('row.malformed');
    expect(codeOf(new Uint8Array(0))).toBe('row.malformed');
  });

  it('A7-9: refuses an update over its size', () => {
    expect(codeOf(new Uint8Array(600 * 1024))).toBe('row.too-large');
  });
});
