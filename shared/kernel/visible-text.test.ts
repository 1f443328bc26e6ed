import { expect, test } from 'vitest';
import { MAX_LINE_CHARACTERS, visibleJson, visibleLines, visibleText } from './visible-text.ts';

test('A8-26: escape sequences, carriage returns and bidi controls are shown, not obeyed', () => {
  expect(visibleText('\u001b[31mred\u001b]52;c;ZXZpbA==\u0007')).toBe('\\x1b[31mred\\x1b]52;c;ZXZpbA==\\x07');
  expect(visibleText('good\rbad')).toBe('good\\rbad');
  expect(visibleText('\u202etxt.exe\u2066')).toBe('\\u{202e}txt.exe\\u{2066}');
  expect(visibleText('c1 \u009b31m')).toBe('c1 \\x9b31m');
});

test('A8-26: plain text, tabs and letters of any script stay as they are', () => {
  expect(visibleText('a\tb ü 漢字 ✓')).toBe('a\tb ü 漢字 ✓');
});

test('A8-26: a huge line is cut and says by how much', () => {
  const shown = visibleText('x'.repeat(MAX_LINE_CHARACTERS + 10));
  expect(shown.endsWith('… (10 more characters)')).toBe(true);
});

test('A8-26: the joiner of an emoji stays where it joins, and shows where it hides', () => {
  for (const emoji of ['👩‍💻', '👩🏽‍🚀', '❤️‍🔥', '👨‍👩‍👧‍👦']) expect(visibleText(emoji)).toBe(emoji);
  expect(visibleText('ad\u200dmin')).toBe('ad\\u{200d}min');
  expect(visibleText('👩\u200d')).toBe('👩\\u{200d}');
});

test('A8-26: lines stay lines, and nothing else moves the cursor', () => {
  expect(visibleLines('one\ntwo\u001b[2J\r\n')).toBe('one\ntwo\\x1b[2J\\r');
});

test('A8-26: JSON says the same and holds no control or bidi character', () => {
  const value = { a: '\u009b31m\u202e\u2028\u{e0041}\u007f\u001b]0;x\u0007', b: ['ü\t漢\n', '\ud800'] };
  const shown = visibleJson(JSON.stringify(value));
  expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(shown)).toEqual(value);
});
