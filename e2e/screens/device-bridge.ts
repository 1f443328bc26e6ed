import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import { build } from 'esbuild';

/** The bridge's own client from the contracts, for a page that asks its replica host as the screens do. */
const CLIENT = `
import { createBridgeClient } from '#shared/contracts/ipc/index.ts';
globalThis.openDevice = (worker) => {
  const { port } = worker;
  const listeners = { one: () => undefined };
  port.onmessage = ({ data }) => listeners.one(data);
  return createBridgeClient({
    post: (message) => port.postMessage(message),
    onMessage: (listener) => { listeners.one = listener; },
    close: () => port.close(),
  });
};
`;

/**
 * Gives a page that has the screens open a second line to its replica host: `globalThis.device`, a bridge. It signs and
 * sends through the real core; what the screens would take a thousand presses for is one call each.
 */
export async function openDevice(page: Page): Promise<void> {
  const built = await build({
    stdin: { contents: CLIENT, resolveDir: fileURLToPath(new URL('../..', import.meta.url)), loader: 'ts' },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2024',
    write: false,
  });
  const code = built.outputFiles[0]?.text ?? '';
  await page.evaluate(code);
  const session = await page.context().newCDPSession(page);
  const { targetInfos } = await session.send('Target.getTargets');
  await session.detach();
  const host = targetInfos.find(
    ({ type, url }) => type === 'shared_worker' && url.startsWith(new URL(page.url()).origin),
  );
  if (host === undefined) throw new Error(`no replica host runs: ${JSON.stringify(targetInfos)}`);
  await page.evaluate(
    ({ url, name }) => {
      const all = globalThis as unknown as { openDevice(worker: SharedWorker): unknown; device: unknown };
      all.device = all.openDevice(new SharedWorker(url, { type: 'module', name }));
    },
    { url: host.url, name: host.title },
  );
}

const HUNDRED = 100;

/** Writes apps into desired state, as drafts: rows that the core keeps. Says how it goes, hundred by hundred. */
export async function writeApps(page: Page, nodeId: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += HUNDRED) {
    const tookMs = await writeSome(page, nodeId, from, Math.min(HUNDRED, count - from));
    console.log(`${from + HUNDRED} apps written, the last hundred in ${tookMs} ms`);
  }
  await expect(page.getByText(/changes? not sent$/), 'the core has all rows').toHaveCount(0, { timeout: 300_000 });
}

function writeSome(page: Page, nodeId: string, begin: number, count: number): Promise<number> {
  return page.evaluate(
    async ({ node, many, first }) => {
      const { device } = globalThis as unknown as {
        device: { call(name: string, input: unknown): Promise<{ ok: boolean; error?: { message: string } }> };
      };
      const began = performance.now();
      const kinds = ['web', 'db', 'cache', 'mail', 'wiki', 'photos', 'feeds', 'git', 'notes', 'media'];
      const write = async (index: number): Promise<void> => {
        const name = `${kinds[index % kinds.length]}-${String(index).padStart(4, '0')}`;
        const compose = `services:\n  web:\n    image: lab/web:1\n    environment:\n      NUMBER: "${index}"\n`;
        const made = await device.call('createApp', { name, nodeId: node, source: { kind: 'compose', compose } });
        if (!made.ok) throw new Error(`${name}: ${made.error?.message}`);
      };
      // Some at a time: most of one's time is waiting.
      const together = 20;
      for (let from = 0; from < many; from += together)
        await Promise.all(
          Array.from({ length: Math.min(together, many - from) }, (_, index) => write(first + from + index)),
        );
      return Math.round(performance.now() - began);
    },
    { node: nodeId, many: count, first: begin },
  );
}
