import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { LabFleet } from '../journeys/lab-fleet.ts';
import { type ShownIds, shownScreens } from '../screens/screen-table.ts';
import { openShown } from '../screens/shown-fleet.ts';

/** How much the fleet holds. */
export type Amount = 'empty' | 'normal' | 'thousand';

/** A laptop's window and a telephone's. */
const sizes = [
  { name: '1440', width: 1440, height: 900 },
  { name: '390', width: 390, height: 844 },
] as const;
const themes = ['light', 'dark'] as const;

/** File of one picture, below the folder of all. */
export const pictureFile = (screen: string, amount: Amount, width: string, theme: string): string =>
  `${screen}-${amount}-${width}-${theme}.png`;

/** Takes one picture of what is shown in each theme and size. Gives the files' names. */
export async function takeOne(page: Page, folder: string, screen: string, amount: Amount): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const taken: string[] = [];
  for (const { name: width, ...size } of sizes) {
    await page.setViewportSize({ width: size.width, height: size.height });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const file = pictureFile(screen, amount, width, colorScheme);
      await page.screenshot({ path: join(folder, file), animations: 'disabled' });
      taken.push(file);
    }
  }
  return taken;
}

/** Takes pictures of every screen of the table that this fleet has something for. Gives the names of the screens. */
export async function takeAll(
  page: Page,
  about: { fleet: LabFleet; folder: string; amount: Amount; ids: Partial<ShownIds> },
): Promise<string[]> {
  const { fleet, folder, amount, ids } = about;
  const shown: string[] = [];
  for (const screen of shownScreens) {
    if (!(await openShown(page, fleet, screen, ids))) continue;
    await takeOne(page, folder, screen.name, amount);
    shown.push(screen.name);
  }
  return shown;
}
