import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countRows, wrapLine } from './wrap-line.ts';

const pieces = (text: string, columns: number) => wrapLine(text, columns).map(({ from, to }) => text.slice(from, to));

describe('wrapping a line of a log', () => {
  it('cuts at the column, counting wide letters twice and joining marks not at all', () => {
    expect(pieces('abcdefg', 3)).toEqual(['abc', 'def', 'g']);
    expect(pieces('漢字漢字', 5)).toEqual(['漢字', '漢字']);
    expect(pieces('e\u0301e\u0301e\u0301', 2)).toEqual(['e\u0301e\u0301', 'e\u0301']);
    expect(pieces('a\tb', 4)).toEqual(['a', '\t', 'b']);
    expect(pieces('', 3)).toEqual(['']);
  });

  it('never cuts a letter in two and always moves on', () => {
    expect(pieces('😀😀', 1)).toEqual(['😀', '😀']);
  });

  it('loses nothing, and counts as many rows as it makes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(pieces(text, columns).join('')).toBe(text);
        expect(countRows(text, columns)).toBe(wrapLine(text, columns).length);
      }),
    );
  });
});
