import { expect as expectPage } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import { createLabFleet, eventually, type LabFleet, productFolder } from '../journeys/lab-fleet.ts';
import {
  closeDialog,
  confirmPlan,
  deployEdits,
  openApp,
  openTab,
  planFromCompose,
  reviewEdits,
  setVariable,
} from './app-steps.ts';
import { openBrowser, type ScreensBrowser } from './browser.ts';
import { claimByScreens, goTo, joinByScreens, type NewCore, startNewCore } from './first-steps.ts';
import { joinCliByScreens } from './joining.ts';

const compose = `services:
  web:
    image: lab/web:1
    environment:
      VERSION: \${VERSION:-0}
`;

let world: World;
let fleet: LabFleet;
let browser: ScreensBrowser;
let core: NewCore;

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  core = await startNewCore(fleet);
  browser = await openBrowser(fleet);
  await claimByScreens(browser.page, core);
  await joinByScreens(browser.page, fleet, 'n1');
  await planFromCompose(browser.page, { name: 'web', compose });
  await confirmPlan(browser.page.getByRole('main'), /^Confirm and deploy$/, /web is live/);
  // A core that is stopped refuses connections, and Chromium writes that on the console.
  browser.allow(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_FAILED|WebSocket connection to/);
});
afterAll(async () => {
  try {
    await browser?.close();
  } finally {
    await world?.stop();
  }
});

/** What VERSION the container runs with, as the engine tells it. */
async function runningVersion(): Promise<string | undefined> {
  const ids = (await world.docker(['ps', '-q', '--filter', 'label=com.docker.compose.service=web'])).stdout.trim();
  if (ids === '') return undefined;
  const seen = await world.docker(['inspect', '--format', '{{json .Config.Env}}', ...ids.split('\n')]);
  return /"VERSION=([^"]*)"/.exec(seen.stdout)?.[1];
}

async function stopCore(signal: NodeJS.Signals): Promise<void> {
  fleet.core().kill(signal);
  await fleet.core().exited;
}

const runs = (version: string) =>
  eventually(`VERSION ${version} runs`, async () => ((await runningVersion()) === version ? true : undefined), 120_000);

describe('with the core away', () => {
  it('P2: a reloaded page edits, undoes, plans with ages, and what was confirmed is applied when the core is back', async () => {
    const { page } = browser;
    await expectPage
      .poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state))
      .toBe('activated');
    await stopCore('SIGTERM');
    await page.reload();
    await expectPage(page.getByRole('button', { name: /^Core away/ })).toBeVisible();

    await openApp(page, 'web', 'Environment');
    await setVariable(page, 'VERSION', 'offline-1');
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expectPage(page.getByLabel('Value of VERSION', { exact: true })).toHaveCount(0);
    await page.getByRole('button', { name: 'Redo', exact: true }).click();
    await expectPage(page.getByLabel('Value of VERSION', { exact: true })).toHaveValue('offline-1');

    const plan = await reviewEdits(page);
    await expectPage(plan.getByText(/^The core is away\. This compares with what was known/)).toBeVisible();
    await expectPage(plan.locator('time').first()).toHaveAttribute('datetime', /^\d{4}-/);
    await confirmPlan(plan, /^Confirm and deploy$/, /It waits for the core/);
    await closeDialog(plan);
    await goTo(page, 'Plan');
    await expectPage(page.getByText('Confirmed, waits for the core')).toBeVisible();
    expect(await runningVersion()).toBe('0');

    await fleet.startCore();
    await runs('offline-1');
    await expectPage(page.getByText('Nothing is pending')).toBeVisible({ timeout: 60_000 });
    await expectPage(page.getByRole('button', { name: /^Connected/ })).toBeVisible();
  });

  it('P5: a deploy goes on when the core is killed meanwhile, and the screen shows how it ended', async () => {
    const { page } = browser;
    await openApp(page, 'web', 'Environment');
    await setVariable(page, 'VERSION', 'killed-2');
    const plan = await reviewEdits(page);
    await plan.getByRole('button', { name: 'Confirm and deploy' }).click();
    await expectPage(plan.getByRole('list', { name: 'Deploy: web' })).toContainText('Signature checked', {
      timeout: 60_000,
    });
    await stopCore('SIGKILL');
    await fleet.startCore();
    await expectPage(plan.getByRole('status').filter({ hasText: /web/ })).toBeVisible({ timeout: 120_000 });
    await closeDialog(plan);
    await runs('killed-2');
  });
});

describe('two at once', () => {
  it('P2: two tabs see each other’s typing', async () => {
    const { page } = browser;
    await openApp(page, 'web', 'Compose file');
    const other = await browser.openTab(new URL(page.url()).pathname);
    const here = page.getByRole('textbox', { name: 'Compose file', exact: true });
    const there = other.getByRole('textbox', { name: 'Compose file', exact: true });
    await expectPage(there).toContainText('lab/web:1');
    await here.press('ControlOrMeta+End');
    await page.keyboard.insertText('# from the first tab\n');
    await expectPage(there).toContainText('# from the first tab');
    await there.press('ControlOrMeta+End');
    await other.keyboard.insertText('# from the second tab\n');
    await expectPage(here).toContainText('# from the second tab');
    await other.close();
    await deployEdits(page, /web is live/);
  });

  it('P2: edits of one field on the CLI and in the browser, made apart, are a clash that a person settles', async () => {
    const { page } = browser;
    await joinCliByScreens(page, fleet, core);
    await fleet.ask(['apps', 'list']);
    await stopCore('SIGTERM');
    await openApp(page, 'web', 'Environment');
    await setVariable(page, 'VERSION', 'by-browser');
    const kept = await fleet.cli(['apps', 'deploy', 'web', '--env', 'VERSION=by-cli', '--yes']);
    expect(kept.code, kept.stderr).toBe(75);
    await fleet.startCore();
    await expectPage(page.getByRole('button', { name: /^Connected/ })).toBeVisible({ timeout: 30_000 });
    await fleet.cli(['apps', 'list']);
    await expectPage(page.getByRole('heading', { name: 'One decision to make' })).toBeVisible({ timeout: 30_000 });
    const choice = page.getByRole('region', { name: 'Variable VERSION: value', exact: true });
    await expectPage(choice).toContainText('by-browser');
    await expectPage(choice).toContainText('by-cli');
    const keep = page.getByRole('button', { name: 'Use this one' });
    const byCli = choice.locator('div').filter({ hasText: 'by-cli', hasNotText: 'by-browser', has: keep });
    await byCli.getByRole('button', { name: 'Use this one' }).click();
    await expectPage(page.getByRole('heading', { name: 'One decision to make' })).toBeHidden();
    await openTab(page, 'Environment');
    await expectPage(page.getByLabel('Value of VERSION', { exact: true })).toHaveValue('by-cli');
  });
});
