import { expect as expectPage } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import {
  bringUpFleet,
  createLabFleet,
  enableIngressAndDns,
  type LabFleet,
  productFolder,
} from '../journeys/lab-fleet.ts';
import { createOutside, type Outside } from '../journeys/proofs.ts';
import { closeDialog, confirmPlan, openApp, openTab, planFromCompose, reviewEdits, typeCompose } from './app-steps.ts';
import { openBrowser, type ScreensBrowser } from './browser.ts';
import { goTo } from './first-steps.ts';
import { joinBrowserByCli } from './joining.ts';

const HOST = 'web.lab.example';
const compose = (more = '') =>
  `services:\n  web:\n    image: lab/web:1\n    volumes: [data:/data]\n${more}volumes:\n  data: {}\n`;

let world: World;
let fleet: LabFleet;
let outside: Outside;
let browser: ScreensBrowser;

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  outside = createOutside(fleet);
  await bringUpFleet(fleet);
  await enableIngressAndDns(fleet);
  browser = await openBrowser(fleet);
});
afterAll(async () => {
  try {
    await browser?.close();
  } finally {
    await world?.stop();
  }
});

describe('a browser in a fleet that a command line claimed', () => {
  it('P1: asks to be let in, and is in when the owner’s device signed for the code that both show', async () => {
    await joinBrowserByCli(browser.page, fleet, 'tablet');
    const devices = await fleet.ask<{ devices: { name: string; role: string }[] }>(['device', 'list']);
    expect(JSON.stringify(devices)).toMatch(/"tablet"/);
    await goTo(browser.page, 'Devices');
    await expectPage(browser.page.getByRole('row').filter({ hasText: 'tablet' })).toContainText('Operator');
  });

  it('deploys as an operator', async () => {
    const { page } = browser;
    const route = { hostname: HOST, service: 'web', port: 8080 };
    await planFromCompose(page, { name: 'web', compose: compose(), route });
    await confirmPlan(page.getByRole('main'), /^Confirm and deploy$/, /web is live/);
    expect((await outside.page(`https://${HOST}/`)).body).toContain('lab/web 1');
  });

  it('P1: grants no exception: the plan has no button to confirm, but says who signs it', async () => {
    const { page } = browser;
    await openApp(page, 'web', 'Compose file');
    await typeCompose(page, compose('    cap_add: [NET_ADMIN]\n'));
    const finding = page.getByRole('listitem').filter({ hasText: 'cap_add' }).first();
    await finding.getByRole('button', { name: 'Allow with a reason…' }).click();
    const allow = page.getByRole('dialog');
    await expectPage(allow).toContainText('This device may not sign exceptions');
    await allow.getByLabel('Reason').fill('to see that this is refused');
    await allow.getByRole('button', { name: 'Allow it' }).click();
    const plan = await reviewEdits(page);
    await expectPage(plan.getByText('An owner’s device has to sign this')).toBeVisible();
    await expectPage(plan.getByRole('button', { name: /^Confirm/ })).toHaveCount(0);
    await closeDialog(plan);
    await page.getByRole('button', { name: 'Revert', exact: true }).click();
    await page.getByRole('button', { name: 'Throw edits away' }).click();
    await expectPage(page.getByRole('region', { name: 'Pending changes' }).getByText(/not deployed/)).toBeHidden();
  });

  it('P1: deletes no data: shows the one command, and goes on by itself when the owner ran it', async () => {
    const { page } = browser;
    await openTab(page, 'Settings');
    await page.getByRole('button', { name: 'Remove app and delete data…' }).click();
    const ask = page.getByRole('dialog');
    await ask.getByLabel('Type web to confirm').fill('web');
    await ask.getByRole('button', { name: 'See the plan' }).click();
    const plan = page.getByRole('dialog').filter({ hasText: 'An owner’s device has to sign this' });
    const command = await plan.getByRole('textbox', { name: 'On an owner’s device' }).inputValue();
    expect(command).toMatch(/^overseer apps remove web\b/);
    // At a prompt the owner types the name; a script gives it.
    await fleet.ask([...command.split(' ').slice(1), '--confirm', 'web', '--yes'], 120_000);
    // The same place goes on with the progress of the owner’s order.
    await expectPage(page.getByRole('dialog').getByText('web is removed.')).toBeVisible({ timeout: 60_000 });
    expect((await outside.engineObjects()).filter((line) => line.includes('-web-'))).toEqual([]);
  });
});
