import { describe, expect, it } from 'vitest';
import { checkAppName, suggestAppName } from './app-name.ts';

describe('the name of a new app', () => {
  it('is the id of the catalogue entry while it is free', () => {
    expect(suggestAppName('miniflux', new Set())).toBe('miniflux');
    expect(suggestAppName('miniflux', new Set(['miniflux', 'miniflux-2']))).toBe('miniflux-3');
  });

  it('is made of a file name', () => {
    expect(suggestAppName('My Café_stack.yaml', new Set())).toBe('my-cafe-stack');
    expect(suggestAppName('…', new Set())).toBe('app');
    expect(checkAppName(suggestAppName(`${'a'.repeat(49)}-b${'c'.repeat(90)}`, new Set()), new Set())).toBeNull();
  });

  it.each([
    ['', 'empty'],
    ['Feeds', 'malformed'],
    ['-feeds', 'malformed'],
    ['feeds-', 'malformed'],
    ['fe eds', 'malformed'],
    ['a'.repeat(64), 'malformed'],
    ['feeds', 'taken'],
    ['feeds-2', null],
    ['a', null],
  ])('%j: %s', (name, problem) => {
    expect(checkAppName(name, new Set(['feeds']))).toBe(problem);
  });
});
