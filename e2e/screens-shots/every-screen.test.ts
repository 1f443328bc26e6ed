import { expect, it } from 'vitest';
import { rendererRoutes, shownScreens } from '../screens/screen-table.ts';
import { missingPictures } from './take-pictures.ts';

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

it('a screen without a picture is named, in each theme and size', () => {
  const missing = missingPictures('there is no such folder');
  const pictures = ['1440-light', '1440-dark', '390-light', '390-dark'];
  for (const { name } of shownScreens)
    for (const amount of ['normal', 'thousand'])
      expect(missing).toEqual(expect.arrayContaining(pictures.map((which) => `${name}-${amount}-${which}.png`)));
  expect(missing).toContain('overview-empty-390-dark.png');
  expect(missing.filter((file) => file.startsWith('app-logs-empty'))).toEqual([]);
});
