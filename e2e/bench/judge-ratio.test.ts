import { expect, it } from 'vitest';
import { judgeRatio, spreadOf } from './judge-ratio.ts';

const about = { name: 'a thing', goal: 2, blank: [10, 10, 10, 10, 10] };

it('a ratio is held or missed only when its whole spread is on one side of the goal', () => {
  expect(judgeRatio({ ...about, screens: [15, 16, 17, 18, 19] }).verdict).toBe('held');
  expect(judgeRatio({ ...about, screens: [25, 26, 27, 28, 29] }).verdict).toBe('missed');
  expect(judgeRatio({ ...about, screens: [15, 16, 19, 24, 30] }).verdict).toBe('not shown');
});

it('ratios are taken round by round: a machine that is slow for a while changes nothing', () => {
  const judged = judgeRatio({ ...about, screens: [15, 150, 15, 15, 15], blank: [10, 100, 10, 10, 10] });
  expect(judged).toMatchObject({ verdict: 'held', ratio: { low: 1.5, median: 1.5, high: 1.5 } });
});

it('without rounds nothing is shown', () => {
  expect(judgeRatio({ ...about, screens: [], blank: [] }).verdict).toBe('not shown');
  expect(spreadOf([1, 2, 3, 4])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
});
