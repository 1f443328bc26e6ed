import { expect, it } from 'vitest';
import { indentAfter } from './indent-after.ts';

it.each([
  ['services:', 2],
  ['  web:', 4],
  ['  web: # the shop', 4],
  ['      - type:', 10],
  ['  image: nginx', null],
  ['  - web', null],
  ['  # a note:', null],
  ['', null],
])('the line after "%s" stands in by %s', (before, expected) => {
  expect(indentAfter(before)).toBe(expected);
});
