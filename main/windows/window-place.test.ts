import { expect, it } from 'vitest';
import { decidePlace } from './window-place.ts';

const min = { width: 360, height: 480 };
const left = { x: 0, y: 0, width: 1_920, height: 1_080 };
const right = { x: 1_920, y: 0, width: 2_560, height: 1_440 };
const saved = (x: number, y: number, width = 1_000, height = 700) => ({
  bounds: { x, y, width, height },
  maximized: false,
});

it('opens where it was', () => {
  expect(decidePlace(saved(2_000, 100), [left, right], min)).toEqual(saved(2_000, 100));
});

it('a place on a display that is gone keeps its size and lets the system choose', () => {
  expect(decidePlace(saved(2_000, 100), [left], min)).toEqual({
    bounds: { width: 1_000, height: 700 },
    maximized: false,
  });
  expect(decidePlace(saved(1_900, 100), [left], min).bounds).not.toHaveProperty('x');
  expect(decidePlace(saved(100, -50), [left], min).bounds).not.toHaveProperty('x');
  expect(decidePlace(saved(100, 1_060), [left], min).bounds).not.toHaveProperty('x');
});

it.each([[undefined], [null], ['x'], [{}], [{ bounds: { width: -1, height: 5 }, maximized: false }]])(
  'what was saved as %j counts as nothing',
  (wrong) => {
    expect(decidePlace(wrong, [left], min)).toEqual({ bounds: { width: 1_280, height: 840 }, maximized: false });
  },
);

it('is never larger than the display, nor smaller than the screens need', () => {
  expect(decidePlace(undefined, [{ x: 0, y: 0, width: 800, height: 600 }], min).bounds).toEqual({
    width: 800,
    height: 600,
  });
  expect(decidePlace(saved(0, 0, 10, 10), [left], min).bounds).toMatchObject({ width: 360, height: 480 });
  expect(decidePlace(undefined, [], min).bounds).toEqual({ width: 1_280, height: 840 });
});
