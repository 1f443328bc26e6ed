/**
 * The built preload scripts in a real Chromium: what a page gets, and the window that asks before something is signed.
 * Only Electron's two modules are stood in for; where Electron is, electron.test.ts runs the whole.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONNECT_CHANNEL, PROMPT_ANSWER_CHANNEL } from '#shared/contracts/ipc/desktop.ts';
import type { PromptView } from '#shared/contracts/ipc/prompt.ts';
import { type Chromium, prepareChromium } from '#world/chromium.ts';

/** As main/protocol/page-headers.ts has it: a prompt may load its style and nothing else. */
const promptPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'";
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

let server: Server;
let browser: Chromium;
let context: BrowserContext;
let address = '';

beforeAll(async () => {
  execFileSync(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], { stdio: 'inherit' });
  server = createServer((request, response) => {
    if (request.url?.startsWith('/prompt')) {
      const style = request.url === '/prompt.css';
      response.setHeader('content-security-policy', promptPolicy);
      response.setHeader('content-type', style ? 'text/css' : 'text/html');
      response.end(readFileSync(`out/main/prompt/${style ? 'prompt.css' : 'prompt.html'}`));
    } else {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>page</title>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await prepareChromium({ note: console.error });
  context = await chromium.launchPersistentContext(browser.userDataDir, {
    executablePath: browser.executablePath,
    args: [...browser.args],
  });
}, 1_200_000);

afterAll(async () => {
  await context?.close();
  browser?.remove();
  server?.close();
});

interface Sent {
  readonly channel: string;
  readonly value: unknown;
}

/** What the stand-in keeps in the page for the test to read. */
interface StandIn {
  sent: Sent[];
  exposed: Record<string, unknown>;
  port: { onmessage(event: { data: { id: number } }): void; postMessage(message: unknown): void } | undefined;
}

/** Opens a page in which a built preload script runs first. `view` is what the main process answers. */
async function openPage(preload: 'index' | 'prompt', view: PromptView | null): Promise<Page> {
  const page = await context.newPage();
  const script = readFileSync(`out/preload/${preload}.cjs`, 'utf8');
  await page.addInitScript(`
    globalThis.standIn = { sent: [], exposed: {}, port: undefined };
    const electron = {
      ipcRenderer: {
        invoke: async () => (${JSON.stringify(view)}),
        send: (channel, value) => standIn.sent.push({ channel, value }),
        postMessage: (channel, value, [port]) => { standIn.sent.push({ channel, value }); standIn.port = port; },
      },
      contextBridge: { exposeInMainWorld: (name, value) => { standIn.exposed[name] = value; } },
    };
    (function (require, exports, module) { ${script}
    })((name) => { if (name !== 'electron') throw new Error('asks for ' + name); return electron; }, {}, {});
  `);
  await page.goto(preload === 'prompt' ? `${address}/prompt.html` : `${address}/`);
  return page;
}

declare global {
  var standIn: StandIn;
}

const sent = (page: Page): Promise<Sent[]> => page.evaluate(() => globalThis.standIn.sent);

const hostile = '<img src=x onerror="standIn.sent.push(1)">';
const view: PromptView = {
  title: `Deploy ${hostile} on nas`,
  text: ['Follows release 3.'],
  groups: [
    { heading: 'Deleted for ever', tone: 'danger', lines: ['db (6 MB)'] },
    { heading: 'Changes', tone: 'plain', lines: [`+ service ${hostile}`, `~ ${'x'.repeat(400)}`] },
  ],
  passphrase: 'none',
  confirm: 'Deploy and delete data',
  cancel: 'Cancel',
  armAfterMs: 300,
};

describe('the bridge of a page', () => {
  it('A8-30: three functions under one name, over a port that was handed to the main process', async () => {
    const page = await openPage('index', null);
    const found = await page.evaluate(async () => {
      const { exposed, port, sent: said } = globalThis.standIn;
      const bridge = exposed.overseer as { call(name: string, input: unknown): Promise<unknown> };
      const names = Object.keys(exposed).map((name) => [name, Object.keys(exposed[name] as object).sort()]);
      const refused = await bridge.call('rm', {}).catch((error: Error) => error.name);
      const asked = new Promise<unknown>((done) => {
        if (!port) return;
        port.onmessage = ({ data }) => {
          port.postMessage({ type: 'answer', id: data.id, result: { ok: true, value: 'heard' } });
          done(data);
        };
      });
      const answer = await bridge.call('exportAudit', {});
      return { names, refused, asked: await asked, answer, channel: said.map((one) => one.channel) };
    });
    expect(found).toEqual({
      names: [['overseer', ['call', 'openDocument', 'subscribe']]],
      refused: 'TypeError',
      asked: { type: 'call', id: 1, name: 'exportAudit', input: {} },
      answer: { ok: true, value: 'heard' },
      channel: [CONNECT_CHANNEL],
    });
    await page.close();
  });
});

describe('the window that asks', () => {
  it('P1: shows what is signed as text, whatever it says', async () => {
    const page = await openPage('prompt', view);
    await page.getByRole('heading', { name: `Deploy ${hostile} on nas` }).waitFor();
    expect(await page.getByRole('listitem').allTextContents()).toEqual(view.groups.flatMap((group) => group.lines));
    expect(await page.locator('img, script, iframe, a').count()).toBe(0);
    expect(await sent(page)).toEqual([]);
    const overflow = await page.evaluate('document.body.scrollWidth > document.documentElement.clientWidth');
    expect(overflow).toBe(false);
    await page.close();
  });

  it('P1: the confirming button is dead at first, cancelling has the focus, and one answer is sent', async () => {
    const page = await openPage('prompt', { ...view, armAfterMs: 2_000 });
    const confirm = page.getByRole('button', { name: view.confirm });
    await confirm.waitFor();
    expect(await confirm.isDisabled()).toBe(true);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Cancel');
    await confirm.click({ force: true });
    expect(await sent(page)).toEqual([]);
    await confirm.click();
    await page.keyboard.press('Escape');
    expect(await sent(page)).toEqual([
      { channel: PROMPT_ANSWER_CHANNEL, value: { answer: 'confirmed', passphrase: null } },
    ]);
    await page.close();
  });

  it('Escape and the cancelling button refuse', async () => {
    for (const act of [
      (page: Page) => page.keyboard.press('Escape'),
      (page: Page) => page.getByRole('button', { name: 'Cancel' }).click(),
      (page: Page) => page.keyboard.press('Enter'),
    ]) {
      const page = await openPage('prompt', view);
      await page.getByRole('button', { name: 'Cancel' }).waitFor();
      await act(page);
      expect(await sent(page)).toEqual([{ channel: PROMPT_ANSWER_CHANNEL, value: { answer: 'cancelled' } }]);
      await page.close();
    }
  });

  it('a new passphrase is long enough and typed twice', async () => {
    const page = await openPage('prompt', { ...view, passphrase: 'choose', confirm: 'Use it', armAfterMs: 0 });
    const [first, second] = [page.getByLabel('New passphrase'), page.getByLabel('The same again')];
    const use = page.getByRole('button', { name: 'Use it' });
    const problem = page.getByRole('alert');
    await use.click();
    expect(await problem.textContent()).toBe('Type the passphrase.');
    await first.fill('short');
    await use.click();
    expect(await problem.textContent()).toContain('at least 10');
    await first.fill('correct horse battery');
    await second.fill('correct horse');
    await use.click();
    expect(await problem.textContent()).toBe('The two differ.');
    expect(await sent(page)).toEqual([]);
    await second.fill('correct horse battery');
    await second.press('Enter');
    expect(await sent(page)).toEqual([
      { channel: PROMPT_ANSWER_CHANNEL, value: { answer: 'confirmed', passphrase: 'correct horse battery' } },
    ]);
    await page.close();
  });

  it('has no serious accessibility finding, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await openPage('prompt', { ...view, passphrase: 'ask', armAfterMs: 0 });
      await page.emulateMedia({ colorScheme });
      await page.getByRole('button', { name: view.confirm }).waitFor();
      const found = await page.evaluate<{ id: string; impact: string }[]>(
        `${axe}; axe.run().then(({ violations }) => violations.map(({ id, impact }) => ({ id, impact })))`,
      );
      expect(found.filter((one) => one.impact === 'serious' || one.impact === 'critical')).toEqual([]);
      await page.close();
    }
  });
});
