import { describe, expect, it } from 'vitest';
import { sortRows } from './sort-rows.ts';
import { windowRange } from './window-range.ts';

describe('the part of a list that is drawn', () => {
  const about = { count: 1_000, rowHeight: 50, windowHeight: 800 };

  it('begins at the top and holds what fits, with some more', () => {
    expect(windowRange({ ...about, listTop: 200 })).toEqual({ from: 0, to: 20 });
  });

  it('moves with the page', () => {
    const { from, to } = windowRange({ ...about, listTop: -10_000 });
    expect([from, to]).toEqual([192, 224]);
  });

  it('never leaves the list, wherever the page is', () => {
    for (const listTop of [-1e9, -50_000, 0, 5_000, 1e9]) {
      const { from, to } = windowRange({ ...about, listTop });
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeGreaterThanOrEqual(from);
      expect(to).toBeLessThanOrEqual(1_000);
    }
  });
});

describe('sorting', () => {
  const rows = [{ n: 'app-10' }, { n: 'app-2' }, { n: null }, { n: 'App-1' }];
  const names = (down: boolean) => sortRows(rows, ({ n }) => n, down).map(({ n }) => n);

  it('counts numbers in names, and case is no difference', () => {
    expect(names(false)).toEqual(['App-1', 'app-2', 'app-10', null]);
  });

  it('keeps what has no value last in both directions', () => {
    expect(names(true)).toEqual(['app-10', 'app-2', 'App-1', null]);
  });

  it('keeps the order of equal rows', () => {
    const same = [{ id: 1 }, { id: 2 }, { id: 3 }];
    expect(sortRows(same, () => 0, true)).toEqual(same);
  });
});
