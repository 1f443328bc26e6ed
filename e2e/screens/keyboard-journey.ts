import { expect, type Page } from '@playwright/test';
import { type LabFleet, logShows } from '../journeys/lab-fleet.ts';
import type { NewCore } from './first-steps.ts';
import { pressOn, tabTo, typeInto } from './keyboard.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Claims a core without a mouse. `look` is asked on each step, and what it gives is given back. */
export async function claimByKeys(page: Page, core: NewCore, look: (where: string) => Promise<string[]>) {
  const seen: string[] = [];
  await expect(button(page, 'Set up this core')).toBeVisible();
  seen.push(...(await look('welcome')));
  await pressOn(page, button(page, 'Set up this core'));
  await expect(button(page, 'They are the same')).toBeVisible();
  seen.push(...(await look('fingerprint')));
  await pressOn(page, button(page, 'They are the same'));
  await typeInto(page, page.getByLabel('Setup code'), core.setupCode);
  await typeInto(page, page.getByLabel('Your name'), 'Ada');
  seen.push(...(await look('names')));
  await page.keyboard.press('Enter');
  const list = page.getByRole('list', { name: 'Recovery words in their order' }).getByRole('listitem');
  await expect(list).toHaveCount(24);
  const words = (await list.allTextContents()).map((text) => text.replaceAll(/[^a-z]/g, ''));
  seen.push(...(await look('recovery words')));
  await pressOn(page, page.getByLabel('I have written them down'), 'Space');
  await pressOn(page, button(page, 'Continue'));
  for (let place = 1; place <= words.length; place++) {
    const field = page.getByLabel(`Word ${place}`, { exact: true });
    if (await field.isVisible()) await typeInto(page, field, words[place - 1] ?? '');
  }
  seen.push(...(await look('words asked back')));
  await page.keyboard.press('Enter');
  await expect(button(page, 'Claim the core')).toBeVisible();
  seen.push(...(await look('what a browser may')));
  await pressOn(page, button(page, 'Claim the core'));
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  return seen;
}

/** Lets a server in without a mouse: `g n` goes to the servers, as the help of the keys says. */
export async function joinByKeys(page: Page, fleet: LabFleet, name: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { level: 1, name: 'Nodes' })).toBeVisible();
  await pressOn(page, page.getByRole('main').getByRole('link', { name: 'Add your first server' }));
  await typeInto(page, page.getByLabel('Name', { exact: true }), name);
  await page.keyboard.press('Enter');
  const line = page.getByRole('textbox', { name: 'Line to paste on the server' });
  await tabTo(page, line);
  const token = /ov1_[A-Za-z0-9_-]+/.exec(await line.inputValue())?.[0] ?? '';
  const joined = await fleet.onNode(['node', 'join', token]);
  if (joined.code !== 0) throw new Error(`node join ended with ${joined.code}\n${joined.stdout}\n${joined.stderr}`);
  await logShows(await fleet.startNode(), /./);
  await expect(page.getByRole('heading', { name: `${name} is here` })).toBeVisible({ timeout: 30_000 });
}

/** Deploys an app of the catalogue that has no address of its own, without a mouse. */
export async function deployByKeys(page: Page, wish: { app: string; name: string }): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByPlaceholder('Search or do…')).toBeFocused();
  await page.keyboard.type('Deploy an app from the catalogue');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Catalogue' })).toBeVisible();
  await typeInto(page, page.getByRole('searchbox', { name: 'Search apps' }), wish.app);
  await page.keyboard.press('Enter');
  await typeInto(page, page.getByLabel('Name of the app'), wish.name);
  await pressOn(page, button(page, 'See the plan'));
  await pressOn(page, button(page, 'Confirm and deploy'));
  const watched = page.getByRole('region', { name: 'Watch it come up' }).getByRole('status');
  await expect(watched).toContainText(`${wish.name} is live`, { timeout: 180_000 });
}
