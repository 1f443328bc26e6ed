import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCloudflareConnector } from '#agent/connectors/cloudflare/index.ts';
import { systemClock, unwrap } from '#shared/kernel/index.ts';
import { loadOrCreateIdentity } from './enrol/identity.ts';
import { joinFleet } from './enrol/join.ts';
import { startNode } from './start-node.ts';
import { openNodeStore } from './store/node-store.ts';
import { type CoreDouble, startCoreDouble } from './testing/core-double.ts';

let core: CoreDouble;
let folder: string;
beforeEach(async () => {
  core = await startCoreDouble();
  folder = mkdtempSync(join(tmpdir(), 'overseer-start-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await core.close();
  // As root the node has mounted memory there.
  spawnSync('umount', [join(folder, 'run', 'secrets')]);
  rmSync(folder, { recursive: true, force: true });
});

it('leaves no clock ticking when it is stopped while it greets the core', async () => {
  const identity = await loadOrCreateIdentity(folder);
  const store = openNodeStore(folder);
  const about = { name: 'attic', dataDir: folder, identity, store, clock: systemClock, facts: {} };
  const signal = new AbortController().signal;
  unwrap(await joinFleet({ ...about, tokenText: core.token(), tell: () => {}, signal, pause: async () => {} }));
  const config = {
    dataDir: folder,
    runDir: join(folder, 'run'),
    dockerSocket: join(folder, 'no-engine.sock'),
    composeBin: join(folder, 'no-compose'),
    addressRange: undefined,
  };

  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const met = Promise.withResolvers<void>();
  const log = (line: string): void => {
    if (line === 'Connected to the core.') met.resolve();
  };
  const connectorFactories = { cloudflare: createCloudflareConnector };
  const node = unwrap(await startNode({ config, store, identity, connectorFactories, log }));
  await met.promise;
  const connection = await core.nextConnection();
  const hungUp = new Promise<void>((resolve) => connection.onClose(() => resolve()));
  await node.stop();
  await hungUp;
  // What the greeting still waited for, the facts of the machine, is read by now.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(vi.getTimerCount()).toBe(0);
  store.close();
});
