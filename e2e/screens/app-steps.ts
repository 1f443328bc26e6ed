import { expect, type Locator, type Page } from '@playwright/test';
import { goTo } from './first-steps.ts';

export type AppTab =
  | 'Overview'
  | 'Compose file'
  | 'Environment'
  | 'Secrets'
  | 'Routes'
  | 'Releases'
  | 'Logs'
  | 'Settings';

/** How long a deploy of a small app may take here. */
const DEPLOY_MS = 180_000;

/** Opens an app from the list, and one of its parts. */
export async function openApp(page: Page, name: string, tab: AppTab = 'Overview'): Promise<void> {
  await goTo(page, 'Apps');
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await openTab(page, tab);
}

/** Goes to one part of the app that is open. */
export async function openTab(page: Page, tab: AppTab): Promise<void> {
  const one = page.getByRole('tab', { name: tab, exact: true });
  await one.click();
  await expect(one).toHaveAttribute('aria-selected', 'true');
}

/** Asks for the plan of the open app's edits, and gives the place where it is shown. */
export async function reviewEdits(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Review and deploy' }).click();
  const plan = page.getByRole('dialog');
  await expect(plan.getByText('Downtime', { exact: true })).toBeVisible();
  return plan;
}

/** Confirms the plan that is shown, and waits until the place says how it ended. */
export async function confirmPlan(plan: Locator, how: RegExp, ended: RegExp, timeout = DEPLOY_MS): Promise<void> {
  await plan.getByRole('button', { name: how }).click();
  await expect(plan.getByRole('status').filter({ hasText: ended })).toBeVisible({ timeout });
}

/** Reviews and deploys the edits of the open app, and closes the plan. */
export async function deployEdits(page: Page, ended: RegExp, timeout = DEPLOY_MS): Promise<void> {
  const plan = await reviewEdits(page);
  await confirmPlan(plan, /^Confirm and deploy$/, ended, timeout);
  await closeDialog(plan);
}

/** Closes the drawer or dialog that is open. */
export async function closeDialog(dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** Sets a plain variable of the open app. */
export async function setVariable(page: Page, key: string, value: string): Promise<void> {
  await openTab(page, 'Environment');
  const field = page.getByLabel(`Value of ${key}`, { exact: true });
  if ((await field.count()) > 0) {
    await field.fill(value);
    await field.press('Enter');
    return;
  }
  await page.getByLabel('Name', { exact: true }).fill(key);
  await page.getByLabel('Value', { exact: true }).fill(value);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(field).toHaveValue(value);
}

/** What a deploy of an own Compose file asks for. */
export interface ComposeWish {
  readonly name: string;
  readonly compose: string;
  readonly route?: { readonly hostname: string; readonly service: string; readonly port: number };
}

/** Brings an own Compose file up to its plan. */
export async function planFromCompose(page: Page, wish: ComposeWish): Promise<void> {
  await goTo(page, 'Catalogue');
  await page.getByRole('link', { name: 'Bring your own Compose file' }).click();
  await typeCompose(page, wish.compose);
  await page.getByLabel('Name of the app').fill(wish.name);
  if (wish.route) {
    await page.getByLabel('At its own https address').check();
    await page.getByLabel('Public name', { exact: true }).fill(wish.route.hostname);
    await page.getByLabel('Its port inside the container').fill(String(wish.route.port));
  } else {
    await page.getByLabel('No public name').check();
  }
  await page.getByRole('button', { name: 'See the plan', exact: true }).click();
  await expect(page.getByRole('heading', { name: `What happens to bring up ${wish.name}` })).toBeVisible();
}

/** Puts a text in place of what the editor holds, as a paste does. */
export async function typeCompose(page: Page, text: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'Compose file', exact: true });
  await editor.click();
  await editor.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}
