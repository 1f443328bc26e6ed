import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CoreWorld, createCoreWorld } from '#agent/core/testing/core-world.ts';
import { createTestHost, isReachable, type TestHost } from '#agent/core/testing/test-host.ts';
import type { TestNode } from '#agent/core/testing/test-node.ts';
import type { DeviceVault } from '#shared/device/host/index.ts';
import { ok, unwrap } from '#shared/kernel/index.ts';
import { createMemoryVault } from '#shared/testing/memory-vault.ts';

const COMPOSE = 'services:\n  web:\n    image: nginx:1.27\n';

let world: CoreWorld;
let hosts: TestHost[];
let nodes: TestNode[];
beforeEach(async () => {
  world = await createCoreWorld();
  hosts = [];
  nodes = [];
});
afterEach(async () => {
  for (const node of nodes) node.disconnect();
  for (const host of hosts) await host.close();
  await world.dispose();
  for (const { bugs } of hosts) expect(bugs).toEqual([]);
});

async function open(about?: Parameters<typeof createTestHost>[1]): Promise<TestHost> {
  const host = await createTestHost(world, about);
  hosts.push(host);
  return host;
}

async function openWithNode(): Promise<{ host: TestHost; node: TestNode }> {
  const host = await open();
  await host.claim();
  const node = await host.join('cellar');
  nodes.push(node);
  return { host, node };
}

describe('first run', () => {
  test('claim asks for three words and claims only with the right ones; a server joins by the printed line', async () => {
    const host = await open();
    const screen = host.screen();
    const session = screen.follow('session');
    await session.until(() => session.value()?.phase === 'unclaimed');
    expect(session.value()?.core.fingerprint).toBe(world.folder.spki);
    const about = { setupCode: world.setupCode, fleetName: 'home', personName: 'Ada', deviceName: 'laptop' };
    const { words, ask } = unwrap(await screen.call('beginClaim', about));
    await session.until(() => session.value()?.phase === 'claiming');
    const wrong = await screen.call('finishClaim', { words: ask.map((place) => ({ place, word: 'zebra' })) });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'recovery.bad-words' } });
    unwrap(await screen.call('finishClaim', { words: ask.map((place) => ({ place, word: words[place] ?? '' })) }));
    await session.until(() => isReachable(session.value()));
    expect(session.value()).toMatchObject({
      fleet: { name: 'home' },
      device: { name: 'laptop', role: 'owner', person: 'Ada' },
    });
    nodes.push(await host.join('cellar'));
    const rows = screen.follow('nodes');
    await rows.until(() => rows.rows.size === 1);
    expect([...rows.rows.values()]).toMatchObject([{ name: 'cellar', status: 'online', apps: [] }]);
  });

  test('a core that has a fleet makes another device a stranger', async () => {
    const first = await open();
    await first.claim();
    const second = (await open()).screen();
    const session = second.follow('session');
    await session.until(() => session.value()?.phase === 'stranger');
    expect(await second.call('inviteNode', { name: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'bridge.not-ready' },
    });
  });
});

describe('a desktop, which comes from no core', () => {
  test('claims the core whose address it is given', async () => {
    const host = await open({ isFromCore: false });
    await host.claim();
    const session = host.screen().follow('session');
    await session.until(() => isReachable(session.value()));
    expect(session.value()).toMatchObject({ device: { kind: 'desktop', role: 'owner' }, notices: [] });
  });

  test('joins at the address it is given', async () => {
    const first = await open();
    await first.claim();
    const guest = (await open({ isFromCore: false })).screen();
    const session = guest.follow('session');
    await session.until(() => session.value()?.phase === 'unclaimed');
    const address = `127.0.0.1:${world.running.httpPort}`;
    unwrap(await guest.call('beginJoin', { deviceName: 'desk', address }));
    await session.until(() => session.value()?.phase === 'joining');
  });

  test('P5: finds its fleet again when it was cut off after the core had taken its claim', async () => {
    const vault = createMemoryVault('desktop');
    const cutOff: DeviceVault = {
      ...vault,
      async openStore() {
        const store = unwrap(await vault.openStore());
        return ok({ ...store, saveConfig: () => Promise.reject(new Error('cut off')) });
      },
    };
    const host = await open({ isFromCore: false, vault: cutOff });
    await expect(host.claim()).rejects.toThrow();
    await host.close();
    host.bugs.length = 0;
    const again = (await open({ isFromCore: false, vault })).screen();
    const session = again.follow('session');
    await session.until(() => isReachable(session.value()));
    expect(session.value()?.device).toMatchObject({ name: 'laptop', role: 'owner' });
  });
});

describe('a browser that was cut off', () => {
  /** A vault whose store loses the power at `saveConfig`: what is asked before is done. */
  function cutOff(vault: DeviceVault): DeviceVault {
    return {
      ...vault,
      async openStore() {
        const store = unwrap(await vault.openStore());
        return ok({ ...store, saveConfig: () => Promise.reject(new Error('cut off')) });
      },
    };
  }

  test('P5: after the core had taken its claim, is in its fleet at the next start', async () => {
    const vault = createMemoryVault('browser');
    const host = await open({ kind: 'browser', vault: cutOff(vault) });
    await expect(host.claim()).rejects.toThrow();
    await host.close();
    host.bugs.length = 0;
    const session = (await open({ kind: 'browser', vault })).screen().follow('session');
    await session.until(() => isReachable(session.value()));
    expect(session.value()?.device).toMatchObject({ kind: 'browser', role: 'provisional-owner', person: 'Ada' });
  });

  /** A guest that is cut off as soon as it shows its code; gives what it keeps, and the owner with its request. */
  async function cutOffAtCode() {
    const first = await open();
    await first.claim();
    const owner = first.screen();
    const vault = createMemoryVault('browser');
    const second = await open({ kind: 'browser', vault });
    const guest = second.screen();
    const before = guest.follow('session');
    await before.until(() => before.value()?.phase === 'stranger');
    unwrap(await guest.call('beginJoin', { deviceName: 'tablet' }));
    const requests = owner.follow('deviceRequests');
    await requests.until(() => requests.rows.size === 1);
    const id = [...requests.rows.keys()][0] ?? '';
    unwrap(await owner.call('answerDevice', { id }));
    await before.until(() => typeof before.value()?.joining?.code === 'string');
    await second.close();
    return { vault, owner, id };
  }

  test('P5: after it was shown its code, is in its fleet at the next start when an owner approved meanwhile', async () => {
    const { vault, owner, id } = await cutOffAtCode();
    unwrap(await owner.call('approveDevice', { id }));
    const session = (await open({ kind: 'browser', vault })).screen().follow('session');
    await session.until(() => isReachable(session.value()));
    expect(session.value()?.device).toMatchObject({ name: 'tablet', role: 'operator', person: 'Ada' });
  });

  test('P1: one that was never approved stays a stranger', async () => {
    const { vault } = await cutOffAtCode();
    const session = (await open({ kind: 'browser', vault })).screen().follow('session');
    await session.until(() => session.value()?.phase === 'stranger');
    expect(session.value()?.device).toBeNull();
  });
});

describe('a window without a shared worker', () => {
  test('says that another one has the data, and takes it over when that one is gone', async () => {
    const first = await open();
    await first.claim();
    await first.close();
    const second = await open({ vault: first.vault, isHeld: true });
    const screen = second.screen();
    const session = screen.follow('session');
    await session.until(() => session.value()?.phase === 'locked');
    expect(session.value()).toMatchObject({ fleet: null, device: null });
    expect(await screen.call('retryContact', {})).toMatchObject({ ok: false, error: { code: 'bridge.not-ready' } });
    second.host.hold(false);
    await second.host.start();
    await session.until(() => isReachable(session.value()));
    expect(session.value()).toMatchObject({ phase: 'ready', device: { name: 'laptop' } });
  });
});

describe('a device that is forgotten', () => {
  test('P2: keeps what was not sent until that is given up too, and is a stranger then', async () => {
    const { host, node } = await openWithNode();
    const screen = host.screen();
    const session = screen.follow('session');
    await session.until(() => isReachable(session.value()));
    const made = unwrap(
      await screen.call('createApp', {
        name: 'web',
        nodeId: node.identity.nodeId,
        source: { kind: 'compose', compose: COMPOSE },
      }),
    );
    await session.until(() => session.value()?.unsent.rows === 0);
    await world.stop();
    await session.until(() => session.value()?.core.contact.state === 'away');
    unwrap(await screen.call('confirmPlan', { planId: made.plan.planId }));
    const kept = await screen.call('forgetDevice', {});
    expect(kept).toMatchObject({ ok: false, error: { code: 'device.unsent', kind: 'conflict' } });
    expect(session.value()?.phase).toBe('ready');
    await world.resume();
    const other = screen.follow('apps');
    const ended = new Promise((resolve) => {
      screen.subscribe('nodes', {}, { onMessage: () => undefined, onEnd: resolve });
    });
    unwrap(await screen.call('forgetDevice', { evenUnsent: true }));
    await ended;
    await session.until(() => session.value()?.phase === 'stranger');
    expect(session.value()).toMatchObject({ fleet: null, device: null, unsent: { rows: 0, intents: 0, refused: 0 } });
    expect(unwrap(await host.vault.openKeys())).toBeNull();
    other.stop();
  });
});

describe('another device', () => {
  test('a browser asks, both show one code, the owner lets it in, and it is an operator', async () => {
    const first = await open();
    await first.claim();
    const owner = first.screen();
    const second = await open({ kind: 'browser' });
    const guest = second.screen();
    const session = guest.follow('session');
    await session.until(() => session.value()?.phase === 'stranger');
    unwrap(await guest.call('beginJoin', { deviceName: 'tablet' }));
    await session.until(() => session.value()?.phase === 'joining');
    expect(session.value()?.joining).toMatchObject({ code: null, command: 'overseer device approve' });
    const requests = owner.follow('deviceRequests');
    await requests.until(() => requests.rows.size === 1);
    const [request] = [...requests.rows.values()];
    expect(request).toMatchObject({ name: 'tablet', kind: 'browser', code: null });
    const answered = unwrap(await owner.call('answerDevice', { id: request?.id ?? '' }));
    await session.until(() => session.value()?.joining?.code !== null);
    expect(session.value()?.joining?.code).toBe(answered.code);
    unwrap(await owner.call('approveDevice', { id: request?.id ?? '' }));
    await session.until(() => isReachable(session.value()));
    expect(session.value()?.device).toMatchObject({ name: 'tablet', kind: 'browser', role: 'operator' });
    await requests.until(() => requests.rows.size === 0);
    const refused = await guest.call('inviteNode', { name: 'attic' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'plan.needs-owner' } });
    const devices = owner.follow('devices');
    await devices.until(() => devices.rows.size === 2);
  });

  test('a refused device is told so, and one that gives up asks no more', async () => {
    const first = await open();
    await first.claim();
    const owner = first.screen();
    const guest = (await open({ kind: 'browser' })).screen();
    const session = guest.follow('session');
    await session.until(() => session.value()?.phase === 'stranger');
    unwrap(await guest.call('beginJoin', { deviceName: 'tablet' }));
    await session.until(() => session.value()?.phase === 'joining');
    unwrap(await guest.call('cancelJoin', {}));
    await session.until(() => session.value()?.phase === 'stranger');
    unwrap(await guest.call('beginJoin', { deviceName: 'phone' }));
    const requests = owner.follow('deviceRequests');
    await requests.until(() => [...requests.rows.values()].some(({ name }) => name === 'phone'));
    const asked = [...requests.rows.values()].find(({ name }) => name === 'phone');
    unwrap(await owner.call('refuseDevice', { id: asked?.id ?? '' }));
    await session.until(() => session.value()?.phase === 'refused');
    expect(session.value()?.notices.at(-1)?.fault.code).toBe('device.refused');
  });
});

describe('logs', () => {
  test('P1: lines come sealed from the node, an app’s and the agent’s own', async () => {
    const { host, node } = await openWithNode();
    const screen = host.screen();
    const made = unwrap(
      await screen.call('createApp', {
        name: 'web',
        nodeId: node.identity.nodeId,
        source: { kind: 'compose', compose: COMPOSE },
      }),
    );
    for (const topic of ['logs', 'nodeLogs'] as const) {
      const lines: string[] = [];
      const ended = new Promise<unknown>((resolve) => {
        const params = topic === 'logs' ? { appId: made.appId } : { nodeId: node.identity.nodeId };
        screen.subscribe(topic, params as never, {
          onMessage: ({ append }) => void lines.push(...append.map(({ seq, text }) => `${seq} ${text}`)),
          onEnd: resolve,
        });
      });
      await node.answerLogs(['one', 'two\u001b[31m']);
      expect(await ended).toBeNull();
      expect(lines).toEqual(['0 one', '1 two\u001b[31m']);
    }
  });
});

describe('apps', () => {
  test('create, plan, confirm, job: what is signed is what was shown, and every screen follows it', async () => {
    const { host, node } = await openWithNode();
    const [screen, other] = [host.screen(), host.screen()];
    const apps = other.follow('apps');
    const jobs = other.follow('jobs');
    const made = unwrap(
      await screen.call('createApp', {
        name: 'web',
        nodeId: node.identity.nodeId,
        source: { kind: 'compose', compose: COMPOSE },
      }),
    );
    expect(made.plan).toMatchObject({ verb: 'deploy', base: null, blocked: [], ownerCommand: null, asOf: null });
    await apps.until(() => apps.rows.get(made.appId)?.status === 'draft');
    expect(apps.rows.get(made.appId)).toMatchObject({ edited: true, number: 0, wanted: null });
    const sent = unwrap(await screen.call('confirmPlan', { planId: made.plan.planId }));
    if (sent.outcome !== 'sent') throw new Error('the core is there');
    const release = await node.next('release');
    await jobs.until(() => jobs.rows.get(sent.jobs[0] ?? '')?.state === 'running');
    await apps.until(() => apps.rows.get(made.appId)?.status === 'applying' && apps.rows.get(made.appId)?.number === 1);
    expect(apps.rows.get(made.appId)).toMatchObject({ edited: false, wanted: 'running' });
    const header = jobs.rows.get(sent.jobs[0] ?? '')?.header ?? '';
    expect(release.appId).toBe(made.appId);
    await node.outcome({ appId: made.appId, header, number: 1 }, 'succeeded');
    await jobs.until(() => jobs.rows.get(sent.jobs[0] ?? '')?.state === 'done');
    expect(await screen.call('confirmPlan', { planId: made.plan.planId })).toMatchObject({
      ok: false,
      error: { code: 'plan.changed' },
    });
  });

  test('P2: without the core an edit is confirmed and waits; when the core is back it is signed and sent', async () => {
    const { host, node } = await openWithNode();
    const screen = host.screen();
    const session = screen.follow('session');
    await session.until(() => isReachable(session.value()));
    const made = unwrap(
      await screen.call('createApp', {
        name: 'web',
        nodeId: node.identity.nodeId,
        source: { kind: 'compose', compose: COMPOSE },
      }),
    );
    await world.stop();
    await session.until(() => session.value()?.core.contact.state === 'away');
    expect(session.value()?.core.contact.fault).toMatchObject({ kind: 'transient' });
    const waiting = unwrap(await screen.call('confirmPlan', { planId: made.plan.planId }));
    expect(waiting.outcome).toBe('waiting');
    const pending = screen.follow('pending');
    await pending.until(() => pending.value()?.intents.length === 1);
    expect(pending.value()).toMatchObject({ plans: [], intents: [{ appName: 'web', state: 'waiting' }] });
    await world.resume();
    unwrap(await screen.call('retryContact', {}));
    await session.until(() => isReachable(session.value()));
    await pending.until(() => pending.value()?.intents.length === 0);
    const apps = screen.follow('apps');
    await apps.until(() => apps.rows.get(made.appId)?.number === 1);
    expect(session.value()?.unsent).toEqual({ rows: 0, intents: 0, refused: 0 });
  });

  test('P2: a device that starts without the core shows what it last saw, with its age', async () => {
    const { host, node } = await openWithNode();
    const screen = host.screen();
    const before = screen.follow('nodes');
    await before.until(() => before.rows.get(node.identity.nodeId)?.facts?.hostname === 'box');
    unwrap(
      await screen.call('createApp', {
        name: 'web',
        nodeId: node.identity.nodeId,
        source: { kind: 'compose', compose: COMPOSE },
      }),
    );
    await host.close();
    node.disconnect();
    await world.stop();
    const again = (await open({ vault: host.vault })).screen();
    const [session, rows, apps] = [again.follow('session'), again.follow('nodes'), again.follow('apps')];
    await session.until(() => session.value()?.core.contact.state === 'away');
    expect(session.value()?.phase).toBe('ready');
    expect(session.value()?.levelAt).not.toBeNull();
    await rows.until(() => rows.rows.size === 1);
    expect([...rows.rows.values()][0]).toMatchObject({ name: 'cellar', facts: { hostname: 'box' } });
    expect([...apps.rows.values()]).toMatchObject([{ name: 'web', status: 'draft' }]);
    await world.resume();
  });
});
