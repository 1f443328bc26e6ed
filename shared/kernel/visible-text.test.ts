import { expect, test } from 'vitest';
import { MAX_LINE_CHARACTERS, visibleText } from './visible-text.ts';

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
