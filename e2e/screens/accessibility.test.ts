import { expect as expectPage } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import { createLabFleet, type LabFleet, productFolder } from '../journeys/lab-fleet.ts';
import { seriousFindings } from './axe.ts';
import { openBrowser, type ScreensBrowser } from './browser.ts';
import { startNewCore } from './first-steps.ts';
import { claimByKeys, deployByKeys, joinByKeys } from './keyboard-journey.ts';
import { type ShownIds, shownScreens } from './screen-table.ts';
import { idsOf, openShown } from './shown-fleet.ts';

let world: World;
let fleet: LabFleet;
let browser: ScreensBrowser;

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
});
afterAll(async () => {
  try {
    await browser?.close();
  } finally {
    await world?.stop();
  }
});

const themes = ['light', 'dark'] as const;

async function findingsInBothThemes(where: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of themes) {
    await browser.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const findings = await seriousFindings(browser.page);
    found.push(...findings.map((finding) => `${where}, ${colorScheme}: ${finding}`));
  }
  return found;
}

describe('the first journey by keyboard alone, with the focus in sight at each step', () => {
  it('claims the core', async () => {
    const core = await startNewCore(fleet);
    browser = await openBrowser(fleet);
    const found = await claimByKeys(browser.page, core, findingsInBothThemes);
    expect(found).toEqual([]);
    await expectPage(browser.page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  });

  it('lets a server in', () => joinByKeys(browser.page, fleet, 'n1'));

  it('deploys an app', () => deployByKeys(browser.page, { app: 'Redis', name: 'cache' }));
});

describe('axe finds nothing serious or critical', () => {
  let ids: Partial<ShownIds>;
  beforeAll(async () => {
    ids = await idsOf(browser.page, 'cache');
  });

  it.each(shownScreens.map((screen) => [screen.name, screen] as const))('on %s, in either theme', async (_, screen) => {
    expect(await openShown(browser.page, fleet, screen, ids), 'the screen has something to show').toBe(true);
    expect(await findingsInBothThemes(screen.name)).toEqual([]);
  });
});
