import { randomBytes } from 'node:crypto';
import { expect as expectPage } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import { searchDisks } from '../demo/search-disks.ts';
import { createLabFleet, type LabFleet, productFolder } from '../journeys/lab-fleet.ts';
import { createOutside, type Outside } from '../journeys/proofs.ts';
import {
  confirmPlan,
  deployEdits,
  openApp,
  openTab,
  planFromCompose,
  reviewEdits,
  setVariable,
  typeCompose,
} from './app-steps.ts';
import { openBrowser, type ScreensBrowser } from './browser.ts';
import {
  claimByScreens,
  connectCloudflareByScreens,
  enableIngressByScreens,
  goTo,
  joinByScreens,
  startNewCore,
} from './first-steps.ts';
import { frameTimes } from './frame-times.ts';
import { expectHarmless, hostileLog, hostileTexts, watchForHarm } from './hostile.ts';

const HOST = 'web.lab.example';
const webCompose = (image: string) => `services:
  web:
    image: ${image}
    environment:
      VERSION: \${VERSION:-0}
`;

let world: World;
let fleet: LabFleet;
let outside: Outside;
let browser: ScreensBrowser;
const canary = `canary-${randomBytes(18).toString('hex')}`;

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  outside = createOutside(fleet);
  const core = await startNewCore(fleet);
  browser = await openBrowser(fleet);
  await watchForHarm(browser);
  // People, fleets and servers are called whatever somebody types.
  await claimByScreens(browser.page, core, { person: hostileTexts.script, fleet: hostileTexts.image });
  await joinByScreens(browser.page, fleet, 'n1');
  await enableIngressByScreens(browser.page, fleet, 'n1');
  await connectCloudflareByScreens(browser.page, fleet, 'n1');
});
afterAll(async () => {
  try {
    await browser?.close();
  } finally {
    await world?.stop();
  }
});

describe('an own Compose file', () => {
  it('shows an error at its line, and a guardrail with its rule', async () => {
    const { page } = browser;
    await goTo(page, 'Catalogue');
    await page.getByRole('link', { name: 'Bring your own Compose file' }).click();
    await typeCompose(page, 'services:\n  web:\n    image: lab/web:1\n    enviroment: {}\n');
    const findings = page.getByRole('listitem').filter({ hasText: 'enviroment' });
    await expectPage(findings.first()).toContainText(/line 4/i);
    await typeCompose(page, 'services:\n  web:\n    image: lab/web:1\n    privileged: true\n');
    const guardrail = page.getByRole('listitem').filter({ hasText: 'privileged' });
    await expectPage(guardrail.first()).toContainText(/line 4/i);
    await expectPage(guardrail.first()).toContainText('Guardrail');
  });

  it('is deployed at its own address', async () => {
    const { page } = browser;
    const route = { hostname: HOST, service: 'web', port: 8080 };
    await planFromCompose(page, { name: 'web', compose: webCompose('lab/web:1'), route });
    await confirmPlan(page.getByRole('main'), /^Confirm and deploy$/, /web is live/);
    expect((await outside.page(`https://${HOST}/`)).body).toContain('lab/web 1');
  });

  it('P7: a secret set on the screen reaches the app, and nothing else that keeps anything', async () => {
    const { page } = browser;
    await openApp(page, 'web', 'Secrets');
    await page.getByRole('button', { name: 'Add secret' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('token');
    await dialog.getByText('Type or paste', { exact: true }).click();
    await dialog.getByLabel('Value', { exact: true }).fill(canary);
    await dialog.getByRole('button', { name: 'Add a service' }).click();
    await dialog.getByLabel('Variable or path for service 1').fill('TOKEN');
    await dialog.getByRole('button', { name: 'Add secret' }).click();
    await expectPage(dialog).toBeHidden();
    await deployEdits(page, /web is live/);
    expect((await outside.page(`https://${HOST}/env`)).body).toContain(canary);

    expect(await page.content()).not.toContain(canary);
    const { findings } = await searchDisks([...world.diskPaths(), browser.profile], { canary });
    expect(findings).toEqual([]);
    const inspected = await world.docker(['ps', '-aq']);
    const settings = await world.docker(['inspect', ...inspected.stdout.trim().split('\n')]);
    expect(settings.stdout).not.toContain(canary);
  });

  it('P6: a release that never becomes healthy gives way, and the screen says so', async () => {
    const { page } = browser;
    await openApp(page, 'web', 'Settings');
    const patience = page.getByLabel('Time to become healthy');
    await patience.fill('10');
    await patience.press('Tab');
    await expectPage(page.getByRole('region', { name: 'Pending changes' })).toBeVisible();
    await openTab(page, 'Compose file');
    await typeCompose(page, webCompose('lab/web:never-healthy'));
    await expectPage(page.getByText('Nothing to mend')).toBeVisible();
    const plan = await reviewEdits(page);
    await confirmPlan(plan, /^Confirm and deploy$/, /last good release/i);
    expect((await outside.page(`https://${HOST}/`)).body).toContain('lab/web 1');
    await plan.getByRole('button', { name: 'Close', exact: true }).click();
    await openTab(page, 'Releases');
    await expectPage(page.getByRole('row').filter({ hasText: 'Went back' })).toBeVisible();
  });

  it('what others wrote is shown as text: nothing runs, and the clipboard stays as it was', async () => {
    const { page } = browser;
    await openApp(page, 'web');
    for (const [index, text] of Object.values(hostileTexts).entries()) {
      await setVariable(page, `HOSTILE_${index}`, text);
      await expectPage(page.getByLabel(`Value of HOSTILE_${index}`, { exact: true })).toHaveValue(text);
    }
    const plan = await reviewEdits(page);
    await expectPage(plan.getByText(/HOSTILE_0/).first()).toBeVisible();
    await plan.getByRole('button', { name: 'Close', exact: true }).click();
    await goTo(page, 'Overview');
    await expectHarmless(browser);
  });
});

describe('the log of an app', () => {
  it('shows hostile lines as text', async () => {
    const { page } = browser;
    await planFromCompose(page, { name: 'noise', compose: hostileLog });
    await confirmPlan(page.getByRole('main'), /^Confirm and deploy$/, /noise is live/);
    await openApp(page, 'noise', 'Logs');
    const log = page.getByRole('log');
    await expectPage(log).toContainText('a flood of lines', { timeout: 30_000 });
    await page.getByLabel('Search in the log').fill('hostile');
    await page.getByRole('button', { name: 'Next match' }).click();
    await expectPage(log.getByText('<img src=x onerror=window.harmed=1>')).toBeVisible();
    const shown = await log.textContent();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    expect(shown).not.toMatch(/[\u001b\u0007\u202e]/);
    await page.getByLabel('Search in the log').fill('');
    await expectHarmless(browser);
  });

  it('stays responsive under 1,000 lines a second for 10 s, and search and pause work meanwhile', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Jump to the end' }).click();
    const measuring = frameTimes(page, 10_000);
    await page.getByLabel('Search in the log').fill('line 7');
    await expectPage(page.getByText(/ of \d|match/).first()).toBeVisible();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    const resume = page.getByRole('button', { name: /^Go on, \d/ });
    await expectPage(resume).toBeVisible();
    const still = await page.getByRole('log').textContent();
    await expectPage(resume).toContainText(/[\d,]{4,}/);
    expect(await page.getByRole('log').textContent()).toBe(still);
    await resume.click();
    await page.getByLabel('Search in the log').fill('');
    const { frames, lines } = await measuring;
    expect(lines, 'lines that came in 10 s').toBeGreaterThan(8_000);
    const slow = frames.filter((ms) => ms >= 100).length;
    expect(slow / frames.length, `${slow} of ${frames.length} frames took 100 ms or more`).toBeLessThan(0.05);
  });
});
