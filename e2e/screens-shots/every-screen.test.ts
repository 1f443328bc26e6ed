import { expect, it } from 'vitest';
import { rendererRoutes, shownScreens } from '../screens/screen-table.ts';

it('every route of the renderer is in the table of screens, so that none goes without pictures and axe', () => {
  const known = new Set(shownScreens.map(({ route }) => route));
  expect(rendererRoutes().length).toBeGreaterThan(0);
  expect(rendererRoutes().filter((route) => !known.has(route))).toEqual([]);
});

it('the table of screens names no route that is gone', () => {
  const there = new Set(rendererRoutes());
  expect([...new Set(shownScreens.map(({ route }) => route))].filter((route) => !there.has(route))).toEqual([]);
});

it('no two screens share a name, which is that of their pictures', () => {
  const names = shownScreens.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
