import { expect, it } from 'vitest';
import { isTyped } from './is-typed.ts';

it('P4: what is lost for ever is named whole, letter by letter', () => {
  expect(isTyped('paperless', 'paperless')).toBe(true);
  expect(isTyped(' paperless\n', 'paperless')).toBe(true);
  for (const typed of ['', ' ', 'paper', 'Paperless', 'paperless-2', 'paper less', 'paperl\u0435ss'])
    expect(isTyped(typed, 'paperless')).toBe(false);
});

it('P4: no name is never typed by typing nothing', () => {
  expect(isTyped('', '')).toBe(false);
});

it('where no name is asked for, a press is enough', () => {
  expect(isTyped('', undefined)).toBe(true);
});
