import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countRows, wrapLine } from './wrap-line.ts';

const pieces = (text: string, columns: number) => wrapLine(text, columns).map(({ from, to }) => text.slice(from, to));

/**
 * Any text, with more of what is wide, joins or is cut in two than chance would bring. Not fast-check's `binary`: it
 * first makes a table of all Unicode, which takes longer than all the rest.
 */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', '\t', '漢', '😀', '\u0301', '\u200d'),
      fc.integer({ min: 0, max: 0xd7ff }).map((code) => String.fromCodePoint(code)),
      fc.integer({ min: 0xe000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
    ),
    { maxLength: 300 },
  )
  .map((characters) => characters.join(''));

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
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(pieces(text, columns).join('')).toBe(text);
        expect(countRows(text, columns)).toBe(wrapLine(text, columns).length);
      }),
    );
  });
});
