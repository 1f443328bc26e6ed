import { expect, test } from 'vitest';
import { changesSince } from './at-hand-snapshot.ts';

test('P4: what is gone and what is other is named, what is new is not', () => {
  const before = new Map([
    ['container /a', '1'],
    ['volume b', '2'],
    ['network c', '3'],
  ]);
  const after = new Map([
    ['container /a', '1'],
    ['volume b', 'other'],
    ['image d', '4'],
  ]);
  expect(changesSince(before, after)).toEqual(['volume b was changed', 'network c is gone']);
});
