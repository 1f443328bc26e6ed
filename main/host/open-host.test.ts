import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBridgeClient, type SessionView } from '#shared/contracts/ipc/index.ts';
import { ok, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { toBridgePort } from '../bridge/electron-port.ts';
import { createChannelDouble } from '../testing/electron-double.ts';
import type { HostToMain, MainToHost, VaultAsk } from './control.ts';
import { createDesktopVault } from './desktop-vault.ts';
import { openHost } from './open-host.ts';
import { runHost } from './run-host.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A vault as the main process has it, in memory. */
function createMemoryVault() {
  const kept: { text: string | null } = { text: null };
  return {
    kept,
    async ask(about: VaultAsk) {
      if (about.does === 'save') kept.text = about.secrets;
      if (about.does === 'remove') kept.text = null;
      return ok(about.does === 'load' ? kept.text : null);
    },
  };
}

describe('P7: the desktop’s vault', () => {
  it('makes keys once, keeps their secrets with the main process, and opens an encrypted replica', async () => {
    const home = join(folder, 'device');
    const { kept, ask } = createMemoryVault();
    const vault = createDesktopVault(home, ask, systemRandom);
    expect(await vault.openKeys()).toEqual(ok(null));
    expect(await vault.openStore()).toMatchObject({ ok: false, error: { code: 'device.absent' } });
    const made = unwrap(await vault.createKeys('laptop'));
    expect(made).toMatchObject({ name: 'laptop', kind: 'desktop' });
    const store = unwrap(await vault.openStore());
    await store.saveToken({ token: { secret: 'canary' } as never, name: null });
    await store.close();
    const bytes = readFileSync(join(home, 'replica.db'));
    expect(bytes.subarray(0, 15).toString()).not.toBe('SQLite format 3');
    expect(bytes.includes('canary')).toBe(false);

    const next = createDesktopVault(home, ask, systemRandom);
    const opened = unwrap(await next.openKeys());
    expect(await opened?.signer.sign(utf8('x'))).toEqual(await made.signer.sign(utf8('x')));
    await unwrap(await next.openStore()).close();

    unwrap(await next.forget());
    expect(kept.text).toBeNull();
    expect(() => readFileSync(join(home, 'replica.db'))).toThrow('ENOENT');
  });

  it('secrets of an unknown kind are reported, not replaced', async () => {
    const { kept, ask } = createMemoryVault();
    for (const text of ['nonsense', '{"v":9}']) {
      kept.text = text;
      const vault = createDesktopVault(folder, ask, systemRandom);
      expect(await vault.openKeys()).toMatchObject({ ok: false, error: { code: 'device.bad-file' } });
      expect(kept.text).toBe(text);
    }
  });
});

it('the replica host runs behind the control channel on the ports of Node, and ends when it is told', async () => {
  const { port1, port2 } = createChannelDouble();
  const vault = createMemoryVault();
  const bugs: string[] = [];
  let ended = false;
  const send = (message: MainToHost, ports: (typeof port1)[] = []): void => port1.postMessage(message, ports);
  port1.on('message', async ({ data }: { data: HostToMain }) => {
    if (data.type === 'bug') bugs.push(data.text);
    else send({ type: 'vault-answer', id: data.id, result: await vault.ask(data.ask) });
  });
  port1.start();
  const exited = new Promise<void>((resolve) =>
    runHost(
      {
        postMessage: (message) => port2.postMessage(message),
        on: (_event, listener) => {
          port2.on('message', listener);
          port2.start();
        },
      },
      openHost,
      () => {
        ended = true;
        resolve();
      },
    ),
  );
  send({ type: 'start', paths: { home: join(folder, 'device'), catalog: 'catalog' } });
  const page = createChannelDouble();
  send({ type: 'bridge' }, [page.port2]);
  const bridge = createBridgeClient(toBridgePort(page.port1));
  const session = await new Promise<SessionView>((resolve) => {
    bridge.subscribe('session', {}, { onMessage: resolve, onEnd: () => undefined });
  });
  expect(session).toMatchObject({ fleet: null, device: null });
  expect(await bridge.call('confirmPlan', { planId: 'none' })).toMatchObject({ ok: false });
  expect(ended).toBe(false);
  send({ type: 'stop' });
  await exited;
  expect(bugs).toEqual([]);
});
