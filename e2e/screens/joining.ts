import { expect, type Page } from '@playwright/test';
import { type LabFleet, logShows } from '../journeys/lab-fleet.ts';
import { goTo, type NewCore } from './first-steps.ts';

/** The owner's command line joins a fleet that a browser claimed: both show one code, and the browser lets it in. */
export async function joinCliByScreens(page: Page, fleet: LabFleet, core: NewCore): Promise<void> {
  const args = ['device', 'join', '--core', fleet.coreUrl, '--fingerprint', core.spki, '--name', 'desk', '--json'];
  const joining = await fleet.spawnOwner(args, 'device-join');
  await logShows(joining, /"type":"asked"/);
  await goTo(page, 'Devices');
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
  const code = /"code":"([^"]+)"/.exec(await logShows(joining, /"code":"[^"]+"/))?.[1] ?? '';
  await expect(page.getByRole('status').filter({ hasText: code })).toBeVisible();
  await page.getByRole('button', { name: 'It is the same: let it in' }).click();
  const end = await joining.exited;
  if (end.code !== 0) throw new Error(`device join ended with ${end.code}\n${joining.log()}`);
  await expect(page.getByRole('row').filter({ hasText: 'desk' })).toContainText('Owner');
}

/** A browser asks to be let into a fleet that a command line claimed, which signs it after the codes were compared. */
export async function joinBrowserByCli(page: Page, fleet: LabFleet, name: string): Promise<void> {
  await page.getByLabel('Name of this browser').fill(name);
  await page.getByRole('button', { name: 'Ask to be let in', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'On an owner’s device' })).toHaveValue(/^overseer device approve/);
  // The owner types the code at a prompt; a pipe that is read as late as that stands for the keyboard.
  const pipe = await fleet.memoryFile('unused', '');
  const keyboard = pipe.replace(/unused$/, 'code');
  await inHub(fleet, ['sh', '-c', `rm -f ${keyboard} && mkfifo -m 600 ${keyboard}`]);
  const approving = await fleet.spawnOwner(['device', 'approve', '--code-file', keyboard], 'device-approve');
  const shown = page.getByLabel('Code to compare');
  await expect(shown).toHaveText(/\w/, { timeout: 30_000 });
  const code = ((await shown.textContent()) ?? '').trim();
  await inHub(fleet, ['sh', '-c', `cat > ${keyboard}`], code);
  const end = await approving.exited;
  if (end.code !== 0) throw new Error(`device approve ended with ${end.code}\n${approving.log()}`);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
}

async function inHub(fleet: LabFleet, argv: readonly string[], input?: string): Promise<void> {
  const done = await fleet.world.exec('hub', argv, input === undefined ? {} : { input });
  if (done.code !== 0) throw new Error(`${argv.join(' ')} ended with ${done.code}\n${done.stderr}`);
}
