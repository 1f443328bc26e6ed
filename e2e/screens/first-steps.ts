import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { LabFleet } from '../journeys/lab-fleet.ts';
import { logShows } from '../journeys/lab-fleet.ts';

/** What `core init` printed: a core that nobody has claimed. */
export interface NewCore {
  readonly setupCode: string;
  /** Hex SHA-256 of the core's public key. */
  readonly spki: string;
}

/** Makes and starts a core, and claims it by nothing. */
export async function startNewCore(fleet: LabFleet): Promise<NewCore> {
  await fleet.memoryFile('passphrase', 'correct horse battery staple\n');
  const { coreHost, coreHttpPort, coreLinkPort } = fleet;
  const address = `${coreHost}:${coreHttpPort}:${coreLinkPort}`;
  const made = await fleet.ask<NewCore>(['core', 'init', '--data', fleet.coreFolder, '--address', address]);
  await fleet.startCore();
  return made;
}

/** Claims the core from its first screen on: fingerprint, code, words written down and asked back. Gives the words. */
export async function claimByScreens(page: Page, core: NewCore, names = { person: 'Ada', fleet: 'lab' }) {
  await button(page, 'Set up this core').click();
  // Nobody stands in between: what the page shows is what the core's machine printed.
  const shown = page.getByRole('textbox', { name: 'Fingerprint of the core’s key (SHA-256)' });
  await expect(shown).toHaveValue(/[0-9a-f]{4}/i);
  expect((await shown.inputValue()).replaceAll(/[^0-9a-f]/gi, '').toLowerCase()).toBe(core.spki);
  await button(page, 'They are the same').click();
  await page.getByLabel('Setup code').fill(core.setupCode);
  await page.getByLabel('Your name').fill(names.person);
  await page.getByLabel('Name of the fleet').fill(names.fleet);
  await page.getByLabel('Name of this browser').fill('laptop');
  await button(page, 'Continue to the recovery words').click();
  const list = page.getByRole('list', { name: 'Recovery words in their order' }).getByRole('listitem');
  await expect(list).toHaveCount(24);
  const words = (await list.allInnerTexts()).map((text) => text.replaceAll(/[^a-z]/g, ''));
  await page.getByLabel('I have written them down').check();
  await button(page, 'Continue').click();
  await answerWords(page, words);
  await button(page, 'Claim the core').click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  return words;
}

/** A slip of the pen is found, then the right words are taken. */
async function answerWords(page: Page, words: readonly string[]): Promise<void> {
  const fields = page.getByRole('textbox', { name: /^Word \d+$/ });
  await expect(fields).toHaveCount(3);
  for (const field of await fields.all()) await field.fill('wrongly');
  await button(page, 'Continue').click();
  await expect(page.getByText('This is not what was shown. Look at your paper again.')).toHaveCount(3);
  for (let place = 1; place <= words.length; place++) {
    const field = page.getByLabel(`Word ${place}`, { exact: true });
    if (await field.isVisible()) await field.fill(words[place - 1] ?? '');
  }
  await button(page, 'Continue').click();
}

/**
 * Lets a server in by the line that the wizard shows, until the screen greets it. Gives the time from the start of its
 * agent to the greeting, in milliseconds.
 */
export async function joinByScreens(page: Page, fleet: LabFleet, name: string): Promise<number> {
  await goTo(page, 'Nodes');
  await page.getByRole('link', { name: /^Add (a|your first) server$/ }).click();
  await page.getByLabel('Name').fill(name);
  await button(page, 'Make the line').click();
  const line = await page.getByRole('textbox', { name: 'Line to paste on the server' }).inputValue();
  const token = /ov1_[A-Za-z0-9_-]+/.exec(line)?.[0];
  if (token === undefined) throw new Error(`the line holds no token: ${line}`);
  const joined = await fleet.onNode(['node', 'join', token]);
  if (joined.code !== 0) throw new Error(`node join ended with ${joined.code}\n${joined.stdout}\n${joined.stderr}`);
  const from = performance.now();
  await logShows(await fleet.startNode(), /./);
  await expect(heading(page, `${name} is here`)).toBeVisible({ timeout: 30_000 });
  return Math.round(performance.now() - from);
}

/** Sets up Traefik with the lab's certificate authority, and waits until it answers. */
export async function enableIngressByScreens(page: Page, fleet: LabFleet, node: string): Promise<void> {
  const { world } = fleet;
  await openNode(page, node);
  const section = page.getByRole('region', { name: 'Ingress' });
  await section.getByRole('button', { name: 'Set up ingress' }).click();
  await section.getByLabel('Your email address').fill('owner@lab.example');
  await section.getByLabel('Public addresses').fill(world.node.ipv4);
  await section.getByRole('button', { name: 'Another certificate authority' }).click();
  await section.getByLabel('ACME directory').fill(world.acme.directory);
  await section.getByLabel('Its root certificate (PEM)').fill(world.acme.caPem);
  await section.getByRole('button', { name: 'See the plan' }).click();
  await section.getByRole('button', { name: 'Confirm and set up' }).click();
  await expect(section.getByRole('status')).toContainText('is live', { timeout: 180_000 });
  await section.getByRole('button', { name: 'Close' }).click();
}

/** Gives the lab's Cloudflare token to the node, and lets the node say what it may. */
export async function connectCloudflareByScreens(page: Page, fleet: LabFleet, node: string): Promise<void> {
  const { cloudflare } = fleet.world;
  await openNode(page, node);
  const section = page.getByRole('region', { name: 'DNS at Cloudflare' });
  await section.getByRole('button', { name: 'Connect Cloudflare' }).click();
  await section.getByLabel('API token').fill(cloudflare.token);
  await section.getByRole('button', { name: 'Another API address' }).click();
  await section.getByLabel('API address').fill(cloudflare.url);
  await section.getByRole('button', { name: 'See the plan' }).click();
  await section.getByRole('button', { name: 'Confirm and set up' }).click();
  await expect(section.getByRole('status')).toContainText('is live', { timeout: 120_000 });
  await section.getByRole('button', { name: 'Close' }).click();
  await section.getByRole('button', { name: 'Test the token' }).click();
  await expect(section.getByText('The token may do all that is needed.')).toBeVisible({ timeout: 30_000 });
}

/** What a deploy from the catalogue asks for. */
export interface CatalogWish {
  /** Its name in the catalogue, as the card shows it. */
  readonly app: string;
  readonly name: string;
  readonly hostname: string;
}

/** Goes through the wizard up to the plan. */
export async function planFromCatalog(page: Page, wish: CatalogWish): Promise<void> {
  await goTo(page, 'Catalogue');
  await page.getByRole('link', { name: new RegExp(`^${wish.app}`) }).click();
  await page.getByLabel('Name of the app').fill(wish.name);
  await page.getByLabel('Public name', { exact: true }).fill(wish.hostname);
  await button(page, 'See the plan').click();
  await expect(heading(page, `What happens to bring up ${wish.name}`)).toBeVisible();
}

/** Goes to a screen by the navigation. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: new RegExp(`^${screen}\\b`) })
    .click();
  await expect(page.getByRole('heading', { level: 1, name: screen })).toBeVisible();
}

async function openNode(page: Page, node: string): Promise<void> {
  await goTo(page, 'Nodes');
  await page.getByRole('link', { name: node, exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: node })).toBeVisible();
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

/** A file in the hub that only this test writes, for what a person would have downloaded. */
export function hubFile(fleet: LabFleet, name: string, content: string): string {
  const path = join(fleet.world.hubFolder, name);
  writeFileSync(path, content);
  return path;
}
