import { describe, expect, it } from 'vitest';
import { isBoundedJson, type RegisterEntry, readRegisters } from './register.ts';
import { registersToSnapshot } from './snapshot.ts';

const AUTHOR = 'a'.repeat(26);
const id = (letter: string) => letter.repeat(26);

function entry(
  field: string,
  value: RegisterEntry['value'],
  supersedes: string[] = [],
  at = '2026-01-01T00:00:00.000Z',
): RegisterEntry {
  return { field, value, author: AUTHOR, at, supersedes };
}

describe('registers', () => {
  it('P2: two writes that did not know of each other are both live', () => {
    const registers = readRegisters([
      [id('b'), entry('name', 'one', [id('a')])],
      [id('c'), entry('name', 'two', [id('a')])],
    ]);
    expect(registers.get('name')?.map((live) => live.value)).toEqual(['one', 'two']);
  });

  it('P2: a write that names what it replaces leaves one live entry', () => {
    const registers = readRegisters([
      [id('b'), entry('name', 'one')],
      [id('c'), entry('name', 'two', [id('b')])],
    ]);
    expect(registers.get('name')?.map((live) => live.value)).toEqual(['two']);
  });

  it('P2: an edit that clashes with a removal keeps the item in sight', () => {
    const item = id('d');
    const snapshot = registersToSnapshot(
      readRegisters([
        [id('b'), entry(`env/${item}/key`, 'A')],
        [id('c'), entry(`env/${item}/removedAt`, '2026-01-01T00:00:00.000Z', [id('e')])],
        [id('f'), entry(`env/${item}/removedAt`, null, [id('e')])],
      ]),
      () => '',
    );
    expect(snapshot.collections.env?.map((entryItem) => entryItem.id)).toEqual([item]);
    expect(snapshot.clashes.map((clash) => clash.field)).toEqual([`env/${item}/removedAt`]);
  });

  it('two live entries with the same value are agreement', () => {
    const snapshot = registersToSnapshot(
      readRegisters([
        [id('b'), entry('name', 'x')],
        [id('c'), entry('name', 'x')],
      ]),
      () => '',
    );
    expect(snapshot.clashes).toEqual([]);
  });
});

describe('bounded JSON', () => {
  it('refuses reserved keys at any depth, depth over 8, and what JSON can not say', () => {
    expect(isBoundedJson(JSON.parse('{"a":{"__proto__":1}}'))).toBe(false);
    expect(isBoundedJson({ a: [{ constructor: 1 }] })).toBe(false);
    expect(isBoundedJson([[[[[[[[[[1]]]]]]]]]])).toBe(false);
    expect(isBoundedJson(Number.NaN)).toBe(false);
    expect(isBoundedJson(undefined)).toBe(false);
    expect(isBoundedJson({ a: [1, 'x', null, true] })).toBe(true);
  });
});
