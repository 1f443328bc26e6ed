import { describe, expect, it } from 'vitest';
import { bytes, count, duration, list, percent, relativeTime } from './values.ts';

const MINUTE = 60_000;

describe('values as people read them', () => {
  it.each([
    [0, 'just now'],
    [-19_000, 'just now'],
    [-40_000, 'seconds ago'],
    [-61_000, '1 minute ago'],
    [-119_000, '1 minute ago'],
    [-90 * MINUTE, '1 hour ago'],
    [-26 * 60 * MINUTE, 'yesterday'],
    [14 * MINUTE, 'in 14 minutes'],
    [30_000, 'in 30 seconds'],
  ])('a time %i ms from now is %s', (ms, text) => {
    expect(relativeTime(1_700_000_000_000 + ms, 1_700_000_000_000)).toBe(text);
  });

  it.each([
    [400, '0.4 s'],
    [12_000, '12 s'],
    [59_700, '60 s'],
    [200_000, '3 min 20 s'],
    [120_000, '2 min'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
  ])('%i ms last %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_536, '1.5 KiB'],
    [734_003_200, '700 MiB'],
  ])('%i bytes are %s', (n, text) => {
    expect(bytes(n)).toBe(text);
  });

  it('counts, lists and shares', () => {
    expect([count(1, 'app'), count(0, 'app'), count(1_000, 'app'), count(2, 'entry', 'entries')]).toEqual([
      '1 app',
      '0 apps',
      '1,000 apps',
      '2 entries',
    ]);
    expect([list([]), list(['a']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
    expect(percent(0.876)).toBe('88%');
  });
});
