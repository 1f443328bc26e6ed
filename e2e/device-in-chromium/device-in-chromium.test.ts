import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviceStoreSuite } from '#shared/testing/device-store-suite.ts';
import { replicaStoreSuite } from '#shared/testing/replica-store-suite.ts';
import { type Chromium, prepareChromium } from '#world/chromium.ts';

/** What a browser keeps of a device, built as the page gets it and run in a real Chromium: the suite stays here. */
const entry = `
import { createBrowserStore } from './renderer/bridge/web/store/device-store.ts';
import { createBrowserVault } from './renderer/bridge/web/store/browser-vault.ts';
import { openDeviceDatabase } from './renderer/bridge/web/store/open-database.ts';
import { openSealer } from './renderer/bridge/web/store/seal-values.ts';
import { announcePage } from './renderer/bridge/web/page-life.ts';
const stores = [];
const encode = (value) => value instanceof Uint8Array ? { bytes: [...value] } : { json: value };
const decode = (value) => 'bytes' in value ? Uint8Array.from(value.bytes) : value.json;
globalThis.device = {
  async open(name) {
    const database = await openDeviceDatabase(name);
    return stores.push(createBrowserStore(database, await openSealer(database))) - 1;
  },
  async call(store, path, given) {
    const [first, second] = path.split('.');
    const target = second ? stores[store][first] : stores[store];
    return encode(await target[second ?? first](...given.map(decode)));
  },
  /** Connects this page to the worker of all pages and keeps what that tells. */
  connect(name) {
    this.told = [];
    const { port } = new SharedWorker('/worker.mjs', { type: 'module' });
    port.onmessage = ({ data }) => this.told.push(data);
    port.postMessage({ name });
    announcePage(port);
  },
  vault: createBrowserVault(),
  /** Every byte and text that lies in the database, as latin-1. */
  async dump(name) {
    const database = await openDeviceDatabase(name);
    const texts = [];
    const walk = (value) => {
      if (value instanceof ArrayBuffer) walk(new Uint8Array(value));
      else if (value instanceof Uint8Array) texts.push(String.fromCharCode(...value));
      else if (value instanceof CryptoKey) texts.push('key ' + value.type + ' ' + value.extractable);
      else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk);
      else texts.push(String(value));
    };
    for (const store of database.objectStoreNames) {
      walk(await database.getAllKeys(store));
      walk(await database.getAll(store));
    }
    return texts.join('\\n');
  },
};
`;

/** Tells every page which page is watched and which is gone. */
const worker = `
import { watchPage } from './renderer/bridge/web/page-life.ts';
const ports = [];
const tell = (text) => ports.forEach((port) => port.postMessage(text));
addEventListener('connect', ({ ports: [port] }) => {
  let name = '';
  ports.push(port);
  port.onmessage = ({ data }) => {
    if (watchPage(data, () => tell(name + ' is gone'))) tell(name + ' is watched');
    else name = data.name;
  };
});
`;

interface InPage {
  told: string[];
  connect(name: string): void;
  open(name: string): Promise<number>;
  call(store: number, path: string, given: unknown[]): Promise<{ json?: unknown; bytes?: number[] }>;
  dump(name: string): Promise<string>;
  vault: {
    createKeys(name: string): Promise<{ ok: true; value: { ageIdentity: string } }>;
    openKeys(): Promise<{ ok: true; value: { deviceId: string } | null }>;
    openStore(): Promise<{ ok: true; value: { saveMemo(name: string, text: string): Promise<void> } }>;
    forget(): Promise<unknown>;
  };
}

let server: Server;
let browser: Chromium;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const bundle = async (contents: string): Promise<string> => {
    const made = await build({
      stdin: { contents, resolveDir: root, loader: 'js' },
      write: false,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2024',
    });
    return made.outputFiles[0]?.text ?? '';
  };
  const scripts = new Map([
    ['/device.mjs', await bundle(entry)],
    ['/worker.mjs', await bundle(worker)],
  ]);
  server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? '<!doctype html><script type=module src=/device.mjs></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await prepareChromium({ note: console.error });
  context = await chromium.launchPersistentContext(browser.userDataDir, {
    executablePath: browser.executablePath,
    args: [...browser.args],
  });
  page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'device' in globalThis);
}, 1_200_000);

afterAll(async () => {
  await context?.close();
  browser?.remove();
  server?.close();
});

const encode = (value: unknown) => (value instanceof Uint8Array ? { bytes: [...value] } : { json: value });

/** A store in the page, called from here. */
async function openInPage(name: string): Promise<never> {
  const id = await page.evaluate((at) => (globalThis as unknown as { device: InPage }).device.open(at), name);
  const call =
    (path: string) =>
    async (...given: unknown[]): Promise<unknown> => {
      const answer = await page.evaluate(
        ([store, method, args]) =>
          (globalThis as unknown as { device: InPage }).device.call(
            store as number,
            method as string,
            args as unknown[],
          ),
        [id, path, given.map(encode)] as const,
      );
      return answer.bytes ? Uint8Array.from(answer.bytes) : answer.json;
    };
  // A store that promises could wait for would be taken for a promise itself.
  const getRows = (_: object, method: string | symbol) =>
    method === 'then' ? undefined : call(`rows.${String(method)}`);
  const rows = new Proxy({}, { get: getRows });
  const get = (_: object, method: string | symbol) =>
    method === 'then' ? undefined : method === 'rows' ? rows : call(String(method));
  return new Proxy({}, { get }) as never;
}

let databases = 0;
deviceStoreSuite('IndexedDB in Chromium', async () => {
  const name = `suite-${databases++}`;
  return { open: () => openInPage(name), tearDown: async () => undefined };
});

replicaStoreSuite('IndexedDB in Chromium', async () => {
  const name = `suite-${databases++}`;
  return { open: async () => ((await openInPage(name)) as { rows: never }).rows, tearDown: async () => undefined };
});

describe('a page of several', () => {
  const told = (where: Page) => where.evaluate(() => (globalThis as unknown as { device: InPage }).device.told);

  it('is known to be gone when it went without a word, and not before', async () => {
    const other = await context.newPage();
    await other.goto(page.url());
    await other.waitForFunction(() => 'device' in globalThis);
    await page.evaluate(() => (globalThis as unknown as { device: InPage }).device.connect('one'));
    await other.evaluate(() => (globalThis as unknown as { device: InPage }).device.connect('other'));
    await expect.poll(() => told(page)).toEqual(['one is watched', 'other is watched']);
    await other.close({ runBeforeUnload: false });
    await expect.poll(() => told(page)).toEqual(['one is watched', 'other is watched', 'other is gone']);
  }, 60_000);
});

describe('what lies on the disk of a browser', () => {
  it('P7: keys are kept as keys that no script can read, and what is saved lies there sealed', async () => {
    const { identity, same } = await page.evaluate(async () => {
      const { vault } = (globalThis as unknown as { device: InPage }).device;
      const made = await vault.createKeys('tablet');
      const store = (await vault.openStore()).value;
      await store.saveMemo('note', 'canary-4711');
      return { identity: made.value.ageIdentity, same: (await vault.openKeys()).value !== null };
    });
    expect(same).toBe(true);
    const dump = await page.evaluate(() =>
      (globalThis as unknown as { device: InPage }).device.dump('overseer-device'),
    );
    expect(dump).toMatch(/^key private false$/m);
    expect(dump).toMatch(/^key secret false$/m);
    expect(dump).not.toMatch(/^key \w+ true$/m);
    for (const secret of [identity, 'AGE-SECRET-KEY', 'canary-4711']) expect(dump).not.toContain(secret);
  }, 60_000);

  it('a device that is forgotten leaves no keys', async () => {
    const left = await page.evaluate(async () => {
      const { vault } = (globalThis as unknown as { device: InPage }).device;
      await vault.forget();
      return (await vault.openKeys()).value;
    });
    expect(left).toBeNull();
  }, 60_000);
});
