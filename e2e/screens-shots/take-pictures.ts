import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { LabFleet } from '../journeys/lab-fleet.ts';
import { type ShownIds, type ShownScreen, shownScreens } from '../screens/screen-table.ts';
import { openShown } from '../screens/shown-fleet.ts';

/** How much the fleet holds. */
export type Amount = 'empty' | 'normal' | 'thousand';

/** A laptop's window and a telephone's. */
const sizes = [
  { name: '1440', width: 1440, height: 900 },
  { name: '390', width: 390, height: 844 },
] as const;
const themes = ['light', 'dark'] as const;

/** The screens that a fleet with so much in it has: one without a node and an app has none of a node or an app. */
export function screensOf(amount: Amount): ShownScreen[] {
  return amount === 'empty' ? shownScreens.filter((screen) => screen.at({}) !== null) : [...shownScreens];
}

/** Files of one screen's pictures, below the folder of all. */
export function pictureFiles(screen: string, amount: Amount): string[] {
  return sizes.flatMap(({ name }) => themes.map((theme) => pictureFile(screen, amount, name, theme)));
}

const pictureFile = (screen: string, amount: Amount, width: string, theme: string): string =>
  `${screen}-${amount}-${width}-${theme}.png`;

/** Takes one picture of what is shown in each theme and size, and leaves the page wide. */
export async function takeOne(page: Page, folder: string, screen: string, amount: Amount): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { name: width, ...size } of sizes) {
    await page.setViewportSize({ width: size.width, height: size.height });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const path = join(folder, pictureFile(screen, amount, width, colorScheme));
      await page.screenshot({ path, animations: 'disabled' });
    }
  }
  await page.setViewportSize({ width: sizes[0].width, height: sizes[0].height });
}

/** Takes pictures of every screen that a fleet with so much in it has. */
export async function takeAll(
  page: Page,
  about: { fleet: LabFleet; folder: string; amount: Amount; ids: Partial<ShownIds> },
): Promise<void> {
  const { fleet, folder, amount, ids } = about;
  const screens = screensOf(amount);
  for (const [index, screen] of screens.entries()) {
    if (!(await openShown(page, fleet, screen, ids))) throw new Error(`this fleet has nothing for ${screen.name}`);
    await takeOne(page, folder, screen.name, amount);
    console.log(`${amount}: ${screen.name} (${index + 1} of ${screens.length})`);
  }
}

/** The pictures that ought to lie in the folder and do not. */
export function missingPictures(folder: string): string[] {
  return (['empty', 'normal', 'thousand'] as const)
    .flatMap((amount) => screensOf(amount).flatMap(({ name }) => pictureFiles(name, amount)))
    .filter((file) => !existsSync(join(folder, file)));
}
