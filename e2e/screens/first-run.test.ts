import { readFileSync } from 'node:fs';
import { expect as expectPage } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import { createLabFleet, type LabFleet, productFolder } from '../journeys/lab-fleet.ts';
import { createOutside, type Outside } from '../journeys/proofs.ts';
import { closeDialog, confirmPlan, deployEdits, openApp, openTab, setVariable } from './app-steps.ts';
import { openBrowser, type ScreensBrowser } from './browser.ts';
import {
  claimByScreens,
  connectCloudflareByScreens,
  enableIngressByScreens,
  goTo,
  hubFile,
  joinByScreens,
  planFromCatalog,
  startNewCore,
} from './first-steps.ts';

const HOST = 'feeds.lab.example';
const APP = 'feeds';

let world: World;
let fleet: LabFleet;
let outside: Outside;
let browser: ScreensBrowser;

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  outside = createOutside(fleet);
});
afterAll(async () => {
  try {
    await browser?.close();
  } finally {
    await world?.stop();
  }
});

/** What the page of the app itself logs for a request that this test made. */
const seenPath = '/healthcheck?seen-by=this-test';

describe('from a core that nobody owns to an app at its own address, by the screens alone', () => {
  it('the first screen claims the core: fingerprint, setup code, recovery words checked', async () => {
    const core = await startNewCore(fleet);
    browser = await openBrowser(fleet);
    const words = await claimByScreens(browser.page, core);
    expect(new Set(words).size).toBeGreaterThan(20);
    // Until a desktop or a CLI is added the browser says what it is.
    await expectPage(browser.page.getByText('Provisional owner').first()).toBeVisible();
  });

  it('AC1: the wizard greets the node within 10 s of its start', async () => {
    const { page } = browser;
    expect(await joinByScreens(page, fleet, 'n1')).toBeLessThan(10_000);
    await goTo(page, 'Nodes');
    const row = page.getByRole('row').filter({ hasText: 'n1' });
    await expectPage(row).toContainText('Online');
    await expectPage(row).toContainText(/Docker 28\./);
    await expectPage(row).toContainText(/Compose .*5\.6\.0/);
  });

  it('sets up ingress and DNS, each by its plan', async () => {
    await enableIngressByScreens(browser.page, fleet, 'n1');
    await connectCloudflareByScreens(browser.page, fleet, 'n1');
  });

  it('AC2: an app from the catalogue: the plan line by line, the progress, a green address', async () => {
    const { page } = browser;
    await planFromCatalog(page, { app: 'Miniflux', name: APP, hostname: HOST });
    const main = page.getByRole('main');
    for (const subject of ['Images', 'Secrets', 'Volumes', 'Routes', 'DNS', 'Downtime'])
      await expectPage(main.getByText(subject, { exact: true })).toBeVisible();
    await expectPage(main.getByText(new RegExp(HOST.replaceAll('.', '\\.'))).first()).toBeVisible();
    await main.getByRole('button', { name: 'Confirm and deploy' }).click();
    const steps = main.getByRole('list', { name: `Deploy: ${APP}` });
    await expectPage(steps.getByText('Images pulled')).toBeVisible({ timeout: 60_000 });
    const open = main.getByRole('link', { name: `Open ${HOST}` });
    await expectPage(open).toBeVisible({ timeout: 180_000 });
    expect(await open.getAttribute('href')).toBe(`https://${HOST}`);
    expect((await world.docker(['ps', '--format', '{{.Image}} {{.Status}}'])).stdout).toMatch(/miniflux.*healthy/);
  });

  it('AC3: the DNS record was made in Cloudflare’s API, with our mark', async () => {
    const record = (await outside.records()).find((line) => line.startsWith(`${HOST} A `));
    expect(record).toMatch(new RegExp(`^${HOST} A ${world.node.ipv4} ov1:`));
    expect(await outside.address(HOST)).toBe(world.node.ipv4);
  });

  it('AC4: the routes’ screen shows it open, and http leads to https', async () => {
    const { page } = browser;
    await goTo(page, 'Routes');
    const row = page.getByRole('row').filter({ hasText: HOST });
    await expectPage(row).toBeVisible();
    const plain = await world.httpGet(`http://${HOST}/`);
    expect(plain.ok && [301, 302, 307, 308].includes(plain.status) && plain.headers.location).toBe(`https://${HOST}/`);
  });

  it('AC5: the green address opens in the same browser, with TLS that it trusts', async () => {
    const { page, context } = browser;
    await openApp(page, APP);
    const opened = context.waitForEvent('page');
    await page
      .getByRole('link', { name: new RegExp(`^${HOST}`) })
      .first()
      .click();
    const app = await opened;
    await expectPage(app.getByLabel('Username')).toBeVisible();
    expect(new URL(app.url()).origin).toBe(`https://${HOST}`);
    const issuer = (await outside.page(`https://${HOST}/`)).issuer;
    expect(issuer).toMatch(/pebble/i);
    await app.close();
  });

  it('AC6: its log shows the request, a changed variable is deployed, and rolled back', async () => {
    const { page } = browser;
    await openApp(page, APP, 'Environment');
    await setVariable(page, 'LOG_LEVEL', 'debug');
    await deployEdits(page, /feeds is live/);
    await openTab(page, 'Logs');
    await outside.page(`https://${HOST}${seenPath}`);
    await expectPage(page.getByRole('log')).toContainText('/healthcheck', { timeout: 30_000 });

    await openTab(page, 'Releases');
    await page.getByRole('button', { name: 'Roll back to release 1', exact: true }).click();
    const plan = page.getByRole('dialog');
    await confirmPlan(plan, /^Confirm and roll back$/, /feeds is back on the earlier release/);
    await closeDialog(plan);
    await expectPage(page.getByRole('row').filter({ hasText: 'Release 3' })).toContainText('runs');
    expect((await outside.page(`https://${HOST}/`)).status).toBe(200);
  });

  it('AC7: the audit screen shows every action, verifies in the browser, and its export verifies anywhere', async () => {
    const { page } = browser;
    await goTo(page, 'Audit');
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await expectPage(page.getByText('It holds', { exact: true })).toBeVisible({ timeout: 30_000 });
    for (const action of ['core.claim', 'enrolment.register', 'app.deploy', 'app.rollback', 'release.outcome']) {
      await page.getByLabel('Action', { exact: true }).selectOption(action);
      await expectPage(page.getByRole('row').filter({ hasText: action }).first()).toContainText('Accepted');
    }
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const text = readFileSync(await (await saving).path(), 'utf8');
    const file = hubFile(fleet, 'audit.jsonl', text);
    const verdict = await fleet.cli(['audit', 'verify', '--file', file, '--json']);
    expect(verdict.lines.at(-1), verdict.stderr).toMatchObject({
      verdict: expect.stringMatching(/^(verified|consistent-only)$/),
    });
    expect(verdict.code).toBe(0);
  });
});
