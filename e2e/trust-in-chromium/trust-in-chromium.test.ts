import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chromium, prepareChromium } from '#world/chromium.ts';

/**
 * One bundle of shared/trust, loaded by Node and by a real Chromium: what one engine signs and seals, the other opens.
 * Only the bundle is known here; the scenario is part of shared/trust.
 */
interface Scenario {
  produce(): Promise<{ repeatable: Record<string, unknown> }>;
  check(made: unknown): Promise<Record<string, unknown>>;
  receive(): Promise<{ publicKey: string; read(sent: unknown): Promise<readonly string[]> }>;
  send(publicKey: string): Promise<unknown>;
}

const source = fileURLToPath(new URL('../../shared/trust/testing/portable-scenario.ts', import.meta.url));
const html =
  "<!doctype html><script type=module>import * as all from '/scenario.mjs'; globalThis.scenario = all</script>";
let folder: string;
let inNode: Scenario;
let server: Server;
let browser: Chromium;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trust-in-chromium-'));
  const file = join(folder, 'scenario.mjs');
  // platform browser: an import of a Node module would not build.
  await build({
    entryPoints: [source],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
  });
  inNode = (await import(pathToFileURL(file).href)) as Scenario;

  const bundle = readFileSync(file);
  server = createServer((request, response) => {
    const script = request.url === '/scenario.mjs';
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
    response.end(script ? bundle : html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await prepareChromium({ note: console.error });
  context = await chromium.launchPersistentContext(browser.userDataDir, {
    executablePath: browser.executablePath,
    args: [...browser.args],
  });
  page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'scenario' in globalThis);
}, 1_200_000);

afterAll(async () => {
  await context?.close();
  browser?.remove();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs one function of the scenario in the page; arguments and answers are JSON. */
const inPage = <T>(name: keyof Scenario, argument?: unknown): Promise<T> =>
  page.evaluate(
    ([called, given]) =>
      (globalThis as unknown as { scenario: Record<string, (given: unknown) => Promise<unknown>> }).scenario[
        called as string
      ]?.(given) as never,
    [name, argument] as const,
  ) as Promise<T>;

describe('P1: shared/trust in Node and in Chromium', () => {
  it('P1: signs the same bytes in both', async () => {
    const node = await inNode.produce();
    const browser = await inPage<Awaited<ReturnType<Scenario['produce']>>>('produce');
    expect(browser.repeatable).toEqual(JSON.parse(JSON.stringify(node.repeatable)));
  }, 60_000);

  it('P1 P7: what one made the other verifies, opens and refuses alike', async () => {
    const byNode = JSON.parse(JSON.stringify(await inNode.produce())) as unknown;
    const byPage = await inPage<unknown>('produce');
    const reports = [
      await inNode.check(byNode),
      await inNode.check(byPage),
      await inPage<Record<string, unknown>>('check', byNode),
      await inPage<Record<string, unknown>>('check', byPage),
    ];
    expect(reports[0]).toMatchObject({ command: 'ok', session: 'ok', nodeCopy: 'a secret of the scenario' });
    expect(new Set(reports[0]?.refusals as string[])).toEqual(new Set(['trust.bad-signature']));
    expect(new Set(reports[0]?.vectors as boolean[])).toEqual(new Set([false]));
    for (const report of reports.slice(1)) expect(report).toEqual(reports[0]);
  }, 120_000);

  it('P1: a stream sealed in Node is read in Chromium, and the other way', async () => {
    const key = await page.evaluate(async () => {
      const global = globalThis as unknown as { scenario: Scenario; device: unknown };
      const device = await global.scenario.receive();
      global.device = device;
      return device.publicKey;
    });
    const read = await page.evaluate(
      (sent) => (globalThis as unknown as { device: Awaited<ReturnType<Scenario['receive']>> }).device.read(sent),
      await inNode.send(key),
    );
    expect(read).toEqual(['one', 'two', 'three']);
    const device = await inNode.receive();
    expect(await device.read(await inPage('send', device.publicKey))).toEqual(['one', 'two', 'three']);
  }, 60_000);
});
