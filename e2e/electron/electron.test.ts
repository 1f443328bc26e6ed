/** The real desktop, driven by Playwright. Needs the Electron program, a display and a user that is not root. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bridge } from '#shared/contracts/ipc/index.ts';
import { electronProgram } from './electron-program.ts';

const program = electronProgram();

declare global {
  // The page's own global, as preload/index.ts makes it.
  var overseer: Bridge;
}

describe.skipIf(program === undefined)('the desktop in Electron', () => {
  let userData = '';
  let app: ElectronApplication;
  let page: Page;
  const start = (): string[] => [resolve('.'), `--user-data-dir=${userData}`];

  beforeAll(async () => {
    execFileSync(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], { stdio: 'inherit' });
    userData = mkdtempSync(join(tmpdir(), 'desktop-'));
    app = await _electron.launch({ executablePath: program as string, args: start() });
    page = await app.firstWindow();
    await page.waitForLoadState();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(userData, { recursive: true, force: true });
  });

  it('shows the screens from the package', async () => {
    expect(page.url()).toMatch(/^overseer:\/\/app\//);
    await page.locator('#root > *').first().waitFor();
  });

  it('A8-30: the page has the bridge and nothing of Node', async () => {
    const found = await page.evaluate(() => ({
      bridge: Object.keys(globalThis.overseer).sort(),
      node: ['process', 'require', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis),
    }));
    expect(found).toEqual({ bridge: ['call', 'openDocument', 'subscribe'], node: [] });
  });

  it('the bridge answers: the session of a desktop without a fleet', async () => {
    const phase = await page.evaluate(
      () =>
        new Promise((done) => {
          globalThis.overseer.subscribe(
            'session',
            {},
            { onMessage: (session) => done(session.phase), onEnd: () => done('ended') },
          );
        }),
    );
    expect(['loading', 'unclaimed', 'stranger']).toContain(phase);
  });

  it('P1: what signs opens a window of the main process, and cancelling there refuses it', async () => {
    const opened = app.waitForEvent('window');
    const answer = page.evaluate(() => globalThis.overseer.call('inviteNode', { name: 'nas' }));
    const prompt = await opened;
    await prompt.getByRole('heading', { name: 'Invite nas' }).waitFor();
    expect(prompt.url()).toMatch(/^overseer:\/\/prompt\//);
    await prompt.getByRole('button', { name: 'Cancel' }).click();
    expect(await answer).toMatchObject({ ok: false, error: { code: 'desktop.declined' } });
  });

  it('A8-31: the page can not go elsewhere or open windows', async () => {
    await page.evaluate(`open('file:///etc/passwd'); location.href = 'https://evil.example/';`);
    expect(page.url()).toMatch(/^overseer:\/\/app\//);
    expect(app.windows()).toHaveLength(1);
  });

  it('a second start ends and leaves the first one alone', async () => {
    const second = spawn(program as string, start(), { stdio: 'ignore' });
    const code = await new Promise((done) => second.once('exit', done));
    expect(code).toBe(0);
    expect(app.windows()).toHaveLength(1);
  });
});
