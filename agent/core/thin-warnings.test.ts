import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createThinWarnings } from './thin-warnings.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('A8-35: writes so many of a kind a minute, then how many more there were; one kind hides no other', () => {
  const lines: unknown[] = [];
  const none = () => {};
  const warn = createThinWarnings({ info: none, error: none, warn: (...line) => lines.push(line) }, 2);
  for (let i = 1; i <= 5; i++) warn('knocked', { i });
  for (let i = 1; i <= 3; i++) warn('knocked', { code: 'other' });
  expect(lines.splice(0)).toEqual([
    ['knocked', { i: 1 }],
    ['knocked', { i: 2 }],
    ['knocked', { code: 'other' }],
    ['knocked', { code: 'other' }],
  ]);
  vi.advanceTimersByTime(60_000);
  expect(lines.splice(0)).toEqual([
    ['knocked', { more: 3, withinSeconds: 60 }],
    ['knocked', { code: 'other', more: 1, withinSeconds: 60 }],
  ]);
  warn('knocked', { i: 6 });
  expect(lines).toEqual([['knocked', { i: 6 }]]);
});
