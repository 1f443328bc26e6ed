import { describe, expect, it } from 'vitest';
import type { CatalogInputView } from '#shared/contracts/ipc/index.ts';
import { checkInput, initialValue, toInputValues } from './input-values.ts';

const input = (more: Partial<CatalogInputView>): CatalogInputView => ({
  name: 'x',
  type: 'string',
  label: 'X',
  description: null,
  optional: false,
  default: null,
  options: [],
  pattern: null,
  hint: null,
  min: null,
  max: null,
  ...more,
});

describe('a field of the wizard', () => {
  it('begins at its default', () => {
    expect(initialValue(input({ default: 'admin' }))).toBe('admin');
    expect(initialValue(input({ type: 'integer', default: 60 }))).toBe('60');
    expect(initialValue(input({ type: 'boolean' }))).toBe(false);
    expect(initialValue(input({}))).toBe('');
  });

  it('must be filled unless it is optional or has a default', () => {
    expect(checkInput(input({}), '')).toEqual({ kind: 'missing' });
    expect(checkInput(input({ optional: true }), '')).toBeNull();
    expect(checkInput(input({ default: 'a' }), '')).toBeNull();
  });

  it('follows its pattern from end to end', () => {
    const one = input({ pattern: '[a-z]+|b', hint: 'small letters' });
    expect(checkInput(one, 'abc')).toBeNull();
    expect(checkInput(one, 'abc1')).toEqual({ kind: 'pattern', hint: 'small letters' });
    expect(checkInput(input({ pattern: '(' }), 'anything')).toBeNull();
  });

  it('takes one line of bounded length', () => {
    expect(checkInput(input({}), 'a\nb')).toEqual({ kind: 'too-long' });
    expect(checkInput(input({}), 'a'.repeat(1_001))).toEqual({ kind: 'too-long' });
  });

  it.each(['4', '1441', '5.5', 'five', '1e3'])('refuses %s for a whole number from 5 to 1440', (text) => {
    const one = input({ type: 'integer', min: 5, max: 1_440 });
    expect(checkInput(one, text)).toEqual({ kind: 'number', min: 5, max: 1_440 });
    expect(checkInput(one, '5')).toBeNull();
  });

  it('takes only an option of a choice', () => {
    const one = input({ type: 'choice', options: ['a', 'b'] });
    expect(checkInput(one, 'c')).toEqual({ kind: 'option', options: ['a', 'b'] });
    expect(checkInput(one, 'a')).toBeNull();
  });
});

it('values are given in their types, empty ones not at all', () => {
  const inputs = [
    input({ name: 'text' }),
    input({ name: 'count', type: 'integer' }),
    input({ name: 'on', type: 'boolean' }),
    input({ name: 'left', optional: true }),
    input({ name: 'kept', default: 'd' }),
  ];
  expect(toInputValues(inputs, { text: 'a', count: '7', on: true, left: '' })).toEqual({
    text: 'a',
    count: 7,
    on: true,
    kept: 'd',
  });
});
