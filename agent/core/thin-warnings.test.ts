import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createThinWarnings } from './thin-warnings.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('A8-35: writes so many of a message a minute, then how many more there were', () => {
  const lines: unknown[] = [];
  const none = () => {};
  const warn = createThinWarnings({ info: none, error: none, warn: (...line) => lines.push(line) }, 2);
  for (let i = 1; i <= 5; i++) warn('knocked', { i });
  warn('another thing');
  expect(lines).toEqual([
    ['knocked', { i: 1 }],
    ['knocked', { i: 2 }],
    ['another thing', undefined],
  ]);
  vi.advanceTimersByTime(60_000);
  expect(lines.slice(3)).toEqual([['knocked', { more: 3, withinSeconds: 60 }]]);
  warn('knocked', { i: 6 });
  expect(lines.at(-1)).toEqual(['knocked', { i: 6 }]);
});
