import { expect, type Page } from '@playwright/test';
import type { LabFleet } from '../journeys/lab-fleet.ts';
import type { ShownIds, ShownScreen } from './screen-table.ts';

/** Ids of the fleet's first node, of one app and of its last job, where they exist, as the core tells a device. */
export async function idsOf(page: Page, app: string): Promise<Partial<ShownIds>> {
  const href = async (list: string, name: RegExp): Promise<string | undefined> => {
    await page.goto(new URL(list, page.url()).href);
    await settled(page);
    const link = page.getByRole('main').getByRole('link', { name }).first();
    if ((await link.count()) === 0) return undefined;
    return (await link.getAttribute('href'))?.split('/').at(2);
  };
  const ids = {
    app: await href('/apps', new RegExp(`^${app}$`)),
    node: await href('/nodes', /^n1$/),
    job: await href('/jobs', new RegExp(`\\b${app}\\b`)),
  };
  return Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined));
}

/** Opens a screen by its address; false where this fleet has nothing to show there. */
export async function openShown(page: Page, fleet: LabFleet, screen: ShownScreen, ids: Partial<ShownIds>) {
  const path = screen.at(ids);
  if (path === null) return false;
  await page.goto(`${fleet.coreUrl}${path}`);
  await settled(page);
  return true;
}

/** Waits until the screen shows what it has: its heading, and no skeleton any more. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('main [aria-busy=true], main .mantine-Skeleton-root')).toHaveCount(0);
  // A log that is in sight has begun to come.
  await expect(page.getByText('Waiting for the first line…')).toHaveCount(0, { timeout: 30_000 });
}
