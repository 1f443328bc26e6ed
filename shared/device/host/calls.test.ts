import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CoreWorld } from '#agent/core/testing/core-world.ts';
import { createHostWorld, type HostWorld } from '#agent/core/testing/host-world.ts';
import { createTestHost, isReachable, type TestHost, type TestScreen } from '#agent/core/testing/test-host.ts';
import type { TestNode } from '#agent/core/testing/test-node.ts';
import { createCoreClient, createSession, type DeviceStore, listAlarms } from '#shared/device/index.ts';
import { fault, isoTime, randomId, sha256Hex, systemClock, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createPinnedCore } from '#shared/node/core-ports/pinned-core.ts';
import { createReplica } from '#shared/replica/index.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import {
  applyTrustEntries,
  commitDevice,
  createTrustState,
  emptyCutoff,
  generateSealingKey,
  generateSigningKey,
  itemHash,
  type Signer,
  signEnvelope,
  signTrustEntry,
  type TrustEntry,
  type TrustState,
} from '#shared/trust/index.ts';

const COMPOSE = 'services:\n  web:\n    image: nginx:1.27\n';

let made: HostWorld;
let world: CoreWorld;
let host: TestHost;
let node: TestNode;
let screen: TestScreen;
beforeEach(async () => {
  made = await createHostWorld();
  ({ world, host, node, screen } = made);
});
afterEach(() => made.dispose());

/** Another replica of the same owner, as a laptop elsewhere would be; `copied` makes it a clone of that device. */
async function openElsewhere(copied?: DeviceStore) {
  const keys = unwrap(await host.vault.openKeys());
  const store = unwrap(await host.vault.openStore());
  const config = await store.config();
  if (!keys || !config) throw new Error('the host is claimed');
  const trust = unwrap(await applyTrustEntries(createTrustState(config.fleet), await store.trustEntries())).state;
  const about = { signer: keys.signer, clock: systemClock, fleet: config.fleet, coreSpki: () => config.coreSpki };
  const address = { host: '127.0.0.1', port: world.running.httpPort };
  const { http } = createPinnedCore({ addresses: [address], pin: () => true });
  const heads = () => ({ trustHead: trust.head, auditHead: null });
  const session = createSession({ ...about, heads });
  const client = createCoreClient({ http, signal: new AbortController().signal, session });
  const rows = createMemoryReplicaStore();
  if (copied) await rows.append(await copied.rows.loadRows());
  const replica = unwrap(
    await createReplica({
      writer: copied ? config.writer : randomId(systemRandom),
      signer: keys.signer,
      store: rows,
      trust: () => trust,
      auditHead: () => null,
      clock: systemClock,
      random: systemRandom,
    }),
  );
  const send = async () => {
    const rows = [...replica.unacked()];
    for (let from = 0; from < rows.length; from += 64)
      unwrap(await client.call('createApp', { body: { rows: rows.slice(from, from + 64) } }));
    await replica.acked(rows.map(() => ''));
  };
  return { replica, client, send, close: () => client.close() };
}

/** A second desktop of the owner, let in by the first. */
async function joinOwner() {
  const other = await createTestHost(world);
  const guest = other.screen();
  const session = guest.follow('session');
  await session.until(() => session.value()?.phase === 'stranger');
  unwrap(await guest.call('beginJoin', { deviceName: 'second' }));
  const requests = screen.follow('deviceRequests');
  await requests.until(() => requests.rows.size === 1);
  const id = [...requests.rows.keys()][0] ?? '';
  unwrap(await screen.call('answerDevice', { id }));
  unwrap(await screen.call('approveDevice', { id }));
  await session.until(() => isReachable(session.value()));
  const { client, close } = await openElsewhere();
  return {
    ...other,
    client,
    close: async () => {
      close();
      await other.close();
      expect(other.bugs).toEqual([]);
    },
  };
}

/** The owner's signature under an entry of the trust log, made elsewhere. */
async function sendTrust(entryOf: (trust: TrustState, owner: string) => TrustEntry): Promise<void> {
  const keys = unwrap(await host.vault.openKeys());
  if (!keys) throw new Error('the host is claimed');
  const store = unwrap(await host.vault.openStore());
  const config = await store.config();
  const trust = unwrap(await applyTrustEntries(createTrustState(config?.fleet), await store.trustEntries())).state;
  const about = { at: isoTime(systemClock), auditHead: null };
  const entry = await signTrustEntry(trust, entryOf(trust, keys.deviceId), keys.signer, about);
  const elsewhere = await openElsewhere();
  unwrap(await elsewhere.client.call('extendTrust', { body: { entries: [entry] } }));
  elsewhere.close();
}

/** A browser of the owner, let in by the host; its signing key. */
async function joinOperator(): Promise<Signer> {
  const { signer, publicKey } = await generateSigningKey();
  const { recipient: ageRecipient } = await generateSealingKey();
  const device = { deviceId: signer.keyId, name: 'tablet', kind: 'browser', signKey: publicKey, ageRecipient } as const;
  await sendTrust((trust, owner) => {
    const personId = trust.devices.get(owner)?.personId ?? '';
    return { kind: 'add-device', device, personId };
  });
  const devices = screen.follow('devices');
  await devices.until(() => devices.rows.size === 2);
  return signer;
}

function headerOf(fleet: string, appId: string, body: string) {
  const [issuedAt, acceptBy] = [0, 3_600_000].map((ms) => new Date(systemClock.nowMs() + ms).toISOString());
  const about = { fleet, trustHead: null, auditHead: null, appId, node: node.identity.nodeId, number: 2, after: [] };
  const changeSet = randomId(systemRandom);
  return { ...about, body: sha256Hex(utf8(body)), changeSet, issuedAt: issuedAt ?? '', acceptBy: acceptBy ?? '' };
}

async function createApp(name = 'web', more: object = {}): Promise<{ appId: string; planId: string }> {
  const source = { kind: 'compose' as const, compose: COMPOSE };
  const made = unwrap(await screen.call('createApp', { name, nodeId: node.identity.nodeId, source, ...more }));
  return { appId: made.appId, planId: made.plan.planId };
}

/** Confirms a plan and lets the node finish it. */
async function deploy(planId: string): Promise<void> {
  const jobs = screen.follow('jobs');
  const sent = unwrap(await screen.call('confirmPlan', { planId }));
  if (sent.outcome !== 'sent') throw new Error('the core is there');
  const release = await node.next('release');
  const job = sent.jobs[0] ?? '';
  await jobs.until(() => jobs.rows.get(job)?.state === 'running');
  const header = jobs.rows.get(job)?.header ?? '';
  await node.outcome({ appId: release.appId, header, number: sent.number }, 'succeeded');
  await jobs.until(() => jobs.rows.get(job)?.state === 'done');
  jobs.stop();
}

const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code);

describe('plans', () => {
  test('an edit makes a plan by itself, taking it back ends it; a plan that is overtaken is refused', async () => {
    const { appId, planId } = await createApp();
    await deploy(planId);
    const plan = screen.follow('plan', { appId });
    await plan.until(() => plan.value()?.plan === null && plan.value()?.fault === null);
    unwrap(await screen.call('setSecret', { appId, name: 'key', value: 'canary-4711', uses: [USE] }));
    await plan.until(() => plan.value()?.plan?.lines.some(({ subject }) => subject === 'secret') ?? false);
    const overtaken = plan.value()?.plan?.planId ?? '';
    unwrap(await screen.call('generateSecret', { appId, name: 'key' }));
    expect(code(await screen.call('confirmPlan', { planId: overtaken }))).toBe('plan.changed');
    unwrap(await screen.call('revertEdits', { appId }));
    await plan.until(() => plan.value()?.plan === null);
  });

  test('stop, start, remove and rollback are plans of their own and follow the last good release', async () => {
    const { appId, planId } = await createApp();
    await deploy(planId);
    const stop = unwrap(await screen.call('planOrder', { appId, verb: 'stop' }));
    expect(stop).toMatchObject({ verb: 'stop', base: 1, downtime: { kind: 'removed' } });
    await deploy(stop.planId);
    expect(code(await screen.call('planOrder', { appId, verb: 'stop' }))).toBe('app.not-running');
    const apps = screen.follow('apps');
    await apps.until(() => apps.rows.get(appId)?.wanted === 'stopped');
    expect(apps.rows.get(appId)?.edited).toBe(false);
    const back = unwrap(await screen.call('planOrder', { appId, verb: 'rollback', number: 1 }));
    expect(back).toMatchObject({ verb: 'rollback', base: 2 });
    await deploy(back.planId);
    const wrong = await screen.call('planOrder', { appId, verb: 'remove', deleteData: { confirmName: 'wbe' } });
    expect(code(wrong)).toBe('plan.wrong-name');
    expect(unwrap(await screen.call('planOrder', { appId, verb: 'remove' })).deletes).toEqual([]);
    const detail = screen.follow('app', { appId });
    await detail.until(() => detail.value()?.releases.length === 3);
    expect(detail.value()?.releases.map(({ number, verb }) => [number, verb])).toEqual([
      [3, 'rollback'],
      [2, 'stop'],
      [1, 'deploy'],
    ]);
    expect(unwrap(await screen.call('readRelease', { appId, number: 1 })).compose).toBe(COMPOSE);
  });

  test('P1: a plan that was shown for one server is not signed for another', async () => {
    const attic = await host.join('attic');
    const { appId, planId } = await createApp();
    const elsewhere = await openElsewhere();
    unwrap(await elsewhere.replica.edit(`app:${appId}`, (editor) => editor.set('node', attic.identity.nodeId)));
    await elsewhere.send();
    const settled = screen.follow('apps');
    await settled.until(() => settled.rows.get(appId)?.clashes.includes('node') ?? false);
    const [clash] = unwrap(await screen.call('readClashes', { appId })).clashes;
    const entryId = clash?.entries.find(({ text }) => text === attic.identity.nodeId)?.id ?? '';
    unwrap(await screen.call('settleClash', { appId, field: 'node', entryId }));
    const plan = screen.follow('plan', { appId });
    await plan.until(() => plan.value()?.plan?.node.name === 'attic');
    expect(code(await screen.call('confirmPlan', { planId }))).toBe('plan.changed');
    elsewhere.close();
    attic.disconnect();
  });

  test('REL-14: an exception that only an operator signed is a line of the owner’s next plan', async () => {
    const { appId, planId } = await createApp();
    await deploy(planId);
    const signer = await joinOperator();
    const store = unwrap(await host.vault.openStore());
    const owned = await store.lastRelease(appId, node.identity.nodeId);
    const exception = { rule: 'published-port', service: 'web', value: '8080:80', reason: 'none' };
    const elsewhere = await openElsewhere();
    unwrap(await elsewhere.replica.edit(`app:${appId}`, (editor) => void editor.addItem('exceptions', exception)));
    await elsewhere.send();
    elsewhere.close();
    const plan = screen.follow('plan', { appId });
    await plan.until(() => plan.value()?.plan?.lines.some(({ subject }) => subject === 'exception') ?? false);
    await host.close();
    // What a core that is taken over can show: the operator's release, which no node would have taken.
    const body = JSON.stringify({ ...JSON.parse(owned?.body ?? ''), exceptions: [exception] });
    const config = await store.config();
    const envelope = await signEnvelope(
      'release',
      { ...headerOf(config?.fleet ?? '', appId, body), previous: owned?.header ?? '' },
      signer,
    );
    await store.saveRelease(
      { appId, node: node.identity.nodeId, number: 2, header: itemHash(envelope), envelope, body },
      isoTime(systemClock),
    );
    host = await createTestHost(world, { vault: host.vault });
    const again = host.screen();
    unwrap(await again.call('setSecret', { appId, name: 'key', value: 'x', uses: [USE] }));
    const next = again.follow('plan', { appId });
    await next.until(() => next.value()?.plan?.lines.some(({ subject }) => subject === 'secret') ?? false);
    expect(next.value()?.plan).toMatchObject({ base: 2 });
    expect(next.value()?.plan?.lines.map(({ subject }) => subject)).toContain('exception');
  });

  test('P2: an intent whose base has moved on comes back as a clash and is told; nothing is signed', async () => {
    const { appId, planId } = await createApp();
    await deploy(planId);
    const other = await joinOwner();
    const session = screen.follow('session');
    await world.stop();
    await session.until(() => session.value()?.core.contact.state === 'away');
    const stop = unwrap(await screen.call('planOrder', { appId, verb: 'stop' }));
    expect(stop.asOf).not.toBeNull();
    expect(unwrap(await screen.call('confirmPlan', { planId: stop.planId })).outcome).toBe('waiting');
    await host.close();
    await world.resume();
    const theirs = other.screen();
    const reached = theirs.follow('session');
    unwrap(await theirs.call('retryContact', {}));
    await reached.until(() => isReachable(reached.value()));
    const order = unwrap(await theirs.call('planOrder', { appId, verb: 'stop' }));
    expect(unwrap(await theirs.call('confirmPlan', { planId: order.planId }))).toMatchObject({ number: 2 });

    host = await createTestHost(world, { vault: host.vault });
    const again = host.screen();
    const pending = again.follow('pending');
    await pending.until(() => pending.value()?.intents[0]?.state === 'clash');
    expect(pending.value()?.intents).toMatchObject([{ appId, verb: 'stop', fault: { code: 'intent.clash' } }]);
    const notices = again.follow('session');
    await notices.until(() => notices.value()?.notices.at(-1)?.fault.code === 'intent.clash');
    const { apps } = unwrap(await other.client.call('listApps'));
    expect(apps.map(({ number }) => number)).toEqual([2]);
    unwrap(await again.call('discardIntent', { id: pending.value()?.intents[0]?.id ?? '' }));
    await pending.until(() => pending.value()?.intents.length === 0);
    await other.close();
  });

  test('P2: an edit that the core refuses is kept aside and told once; it can be made once more', async () => {
    const { appId } = await createApp();
    const store = unwrap(await host.vault.openStore());
    await screen.follow('session').until((seen) => seen.value()?.unsent.rows === 0);
    // A copy of this device, as a restored disk would be: it writes under the same numbers.
    const clone = await openElsewhere(store);
    await world.stop();
    const uses = [{ as: 'env' as const, service: 'web', env: 'TOKEN' }];
    unwrap(await screen.call('setSecret', { appId, name: 'token', value: 'canary', uses }));
    await host.close();
    node.disconnect();
    await world.resume();
    unwrap(await clone.replica.edit(`app:${appId}`, (editor) => editor.addItem('env', { key: 'TZ', value: 'UTC' })));
    await clone.send();
    clone.close();

    host = await createTestHost(world, { vault: host.vault });
    let again = host.screen();
    const [session, pending] = [again.follow('session'), again.follow('pending')];
    await pending.until(() => pending.value()?.refused.length === 1);
    const [edit] = pending.value()?.refused ?? [];
    expect(edit).toMatchObject({ appId, appName: 'web', canRewrite: true, fault: { code: 'row.equivocation' } });
    expect(edit?.lines[0]).toMatch(/^secrets token: /);
    expect(edit?.lines.join()).not.toContain('canary');
    await session.until(() => session.value()?.unsent.refused === 1);
    expect(session.value()?.unsent.rows).toBe(0);
    expect(session.value()?.notices.filter(({ fault }) => fault.code === 'row.put-aside')).toHaveLength(1);
    expect(await again.call('forgetDevice', {})).toMatchObject({ ok: false, error: { code: 'device.unsent' } });

    await host.close();
    host = await createTestHost(world, { vault: host.vault });
    again = host.screen();
    const [later, seen, secrets] = [again.follow('pending'), again.follow('session'), again.follow('secrets')];
    await later.until(() => later.value()?.refused.length === 1);
    await seen.until(() => isReachable(seen.value()));
    expect(seen.value()?.notices.map(({ fault }) => fault.code)).not.toContain('row.put-aside');
    expect(secrets.rows.size).toBe(0);
    unwrap(await again.call('settleRefused', { id: edit?.id ?? '', how: 'rewrite' }));
    await secrets.until(() => secrets.rows.size === 1);
    await seen.until(() => seen.value()?.unsent.rows === 0 && seen.value()?.unsent.refused === 0);
    await later.until(() => later.value()?.refused.length === 0);
    const gone = await again.call('settleRefused', { id: edit?.id ?? '', how: 'discard' });
    expect(gone).toMatchObject({ ok: false, error: { code: 'row.not-aside' } });
  });

  test('a draft can be thrown away, a released app can not; two apps never share a name', async () => {
    const { appId, planId } = await createApp();
    const source = { kind: 'compose' as const, compose: COMPOSE };
    const again = await screen.call('createApp', { name: 'web', nodeId: node.identity.nodeId, source });
    expect(code(again)).toBe('app.name-taken');
    await deploy(planId);
    expect(code(await screen.call('discardDraft', { appId }))).toBe('app.was-signed');
    const draft = await createApp('draft');
    unwrap(await screen.call('discardDraft', { appId: draft.appId }));
    const apps = screen.follow('apps');
    await apps.until(() => apps.rows.size === 1);
  });
});

const USE = { as: 'file', service: 'web', path: '/run/secrets/key' } as const;

describe('letting a device in', () => {
  test('ENR-7: it is shown as what it revealed, not as what it asked for, and under one code however often', async () => {
    const address = { host: '127.0.0.1', port: world.running.httpPort };
    const { http } = createPinnedCore({ addresses: [address], pin: () => true });
    const client = createCoreClient({ http, signal: new AbortController().signal });
    const { signer, publicKey: signKey } = await generateSigningKey();
    const { recipient: ageRecipient } = await generateSealingKey();
    const fleet = unwrap(await client.call('createChallenge', { body: {} })).fleet ?? '';
    const device = { deviceId: signer.keyId, name: 'laptop', kind: 'desktop', signKey, ageRecipient } as const;
    const { commitment, identity, nonce } = commitDevice({ fleet, device, random: systemRandom });
    const asked = { commitment, name: 'tablet', kind: 'browser' } as const;
    const { ticket, request: id } = unwrap(await client.call('requestDevice', { body: asked }));
    const requests = screen.follow('deviceRequests');
    await requests.until(() => requests.rows.get(id)?.name === 'tablet');
    const [answered] = await Promise.all([
      screen.call('answerDevice', { id }),
      client
        .call('waitDevice', { body: { ticket, seen: 'waiting' } })
        .then(() => client.call('revealDevice', { body: { ticket, identity, nonce } })),
    ]);
    expect(unwrap(answered)).toMatchObject({ name: 'laptop', kind: 'desktop' });
    await requests.until(() => requests.rows.get(id)?.kind === 'desktop');
    expect(await screen.call('answerDevice', { id })).toEqual(answered);
    client.close();
  });
});

describe('secrets', () => {
  test('P7: a value is sealed at once, opened only here, and stands in no row, topic or log', async () => {
    const { appId } = await createApp();
    unwrap(await screen.call('setSecret', { appId, name: 'key', value: 'canary-4711', uses: [USE] }));
    expect(unwrap(await screen.call('revealSecret', { appId, name: 'key' })).value).toBe('canary-4711');
    const secrets = screen.follow('secrets');
    await secrets.until(() => secrets.rows.size === 1);
    expect([...secrets.rows.values()]).toMatchObject([{ name: 'key', version: 1, edited: true, canReveal: true }]);
    const seen = JSON.stringify([...secrets.rows.values(), ...secrets.messages, world.log]);
    const kept = JSON.stringify(await unwrap(await host.vault.openStore()).rows.loadRows());
    for (const text of [seen, kept]) expect(text).not.toMatch(/canary-4711|Y2FuYXJ5LTQ3MTE/);
    expect(code(await screen.call('setSecret', { appId, name: 'lost', value: 'x' }))).toBe('secret.no-use');
    unwrap(await screen.call('removeSecret', { appId, name: 'key' }));
    expect(code(await screen.call('revealSecret', { appId, name: 'key' }))).toBe('secret.unknown');
  });

  test('P7: who was removed and could read a value is named, until there is another', async () => {
    const { appId } = await createApp();
    const set = async (value: string) =>
      unwrap(await screen.call('setSecret', { appId, name: 'key', value, uses: [USE] }));
    await set('one');
    const secrets = screen.follow('secrets');
    const readBy = () => [...secrets.rows.values()][0]?.readBy;
    await secrets.until(() => readBy() !== undefined);
    expect(readBy()).toEqual([]);
    const { keyId: deviceId } = await joinOperator();
    await sendTrust(() => ({ kind: 'revoke-device', deviceId, cutoff: emptyCutoff }));
    await secrets.until(() => readBy()?.join() === 'tablet');
    await set('two');
    await secrets.until(() => readBy()?.length === 0);
  });
});

describe('clashes', () => {
  test('P2: two values of one field are both shown, and the chosen one settles it', async () => {
    const { appId } = await createApp();
    const elsewhere = await openElsewhere();
    unwrap(await elsewhere.replica.edit(`app:${appId}`, (editor) => editor.set('state', 'stopped')));
    await elsewhere.send();
    const apps = screen.follow('apps');
    await apps.until(() => apps.rows.get(appId)?.clashes.includes('state') ?? false);
    const plan = screen.follow('plan', { appId });
    await plan.until(() => plan.value()?.fault?.code === 'app.clash');
    const [clash] = unwrap(await screen.call('readClashes', { appId })).clashes;
    expect(clash?.entries.map(({ text }) => text).sort()).toEqual(['running', 'stopped']);
    const chosen = clash?.entries.find(({ text }) => text === 'running')?.id ?? '';
    unwrap(await screen.call('settleClash', { appId, field: 'state', entryId: chosen }));
    await plan.until(() => plan.value()?.plan !== null);
    expect(apps.rows.get(appId)?.clashes).toEqual([]);
    elsewhere.close();
  });
});

describe('Compose files as they are typed', () => {
  test('say where they can not be read, what the guardrails refuse and how it could be allowed', async () => {
    const judge = async (compose: string) => unwrap(await screen.call('judgeCompose', { compose }));
    expect(await judge(COMPOSE)).toEqual({ services: ['web'], findings: [] });
    expect((await judge('services:\n  web:\n    image: [')).findings[0]).toMatchObject({ severity: 'error', line: 3 });
    expect((await judge('services:\n  web:\n    ports: []\n')).findings[0]).toMatchObject({ line: 2, column: 3 });
    const { findings } = await judge(`${COMPOSE}    privileged: true\n    ports: ["8080:80"]\n`);
    expect(findings.map(({ line, severity }) => [line, severity])).toEqual([
      [4, 'guardrail'],
      [5, 'guardrail'],
    ]);
    expect(findings[1]?.exception).toMatchObject({ service: 'web', value: expect.stringContaining('8080') });
  });

  test('host-folder: name the command with which an owner opens the folder of the node first', async () => {
    const { appId } = await createApp('player', { source: { kind: 'compose', compose: COMPOSE } });
    const compose = `${COMPOSE}    volumes: ["/srv/My Media:/media:ro", "/etc:/x"]\n`;
    const { findings } = unwrap(await screen.call('judgeCompose', { appId, compose }));
    expect(findings.map(({ rule, exception, command }) => [rule, exception?.value, command])).toEqual([
      [
        'host-folder',
        '/srv/My Media:/media:ro',
        expect.stringMatching(/^overseer nodes open folder my-media '\/srv\/My Media' --node \S+ --read-only$/),
      ],
      ['host-system', undefined, undefined],
    ]);
  });

  test('P7: a secret that the app will have is not found in plain text, any other is', async () => {
    const compose = `${COMPOSE}secrets:\n  token: { file: ./token }\n  other: { file: ./other }\n`;
    const { findings } = unwrap(await screen.call('judgeCompose', { compose, secrets: ['token'] }));
    expect(findings.filter(({ rule }) => rule === 'plain-secret').map(({ line }) => line)).toEqual([6]);
  });

  test('become an app with the variables and the exceptions that were given with them', async () => {
    const compose = `${COMPOSE}    ports: ["\${PORT}:80"]\n`;
    const exception = { rule: 'publish-port', service: 'web', value: '8080:80/tcp', reason: 'a TV knows no names' };
    const { appId, planId } = await createApp('tv', {
      source: { kind: 'compose', compose },
      env: { PORT: '8080' },
      exceptions: [exception],
    });
    expect(unwrap(await screen.call('readRelease', { appId, number: 0 })).env).toEqual({ PORT: '8080' });
    const { lines } = unwrap(await screen.call('readPlan', { planId }));
    expect(lines.find(({ subject }) => subject === 'exception')?.text).toContain(exception.reason);
  });
});

describe('audit', () => {
  test('P8: it is listed newest first, verified here and exported', async () => {
    const { entries } = unwrap(await screen.call('listAudit', { limit: 3 }));
    expect(entries).toHaveLength(3);
    expect(entries[0]?.seq).toBeGreaterThan(entries[1]?.seq ?? 0);
    const older = unwrap(await screen.call('listAudit', { limit: 2, before: entries[2]?.seq ?? 1 })).entries;
    expect(older.map(({ seq }) => seq)).toEqual([1, 2].map((back) => (entries[2]?.seq ?? 0) - back));
    expect(unwrap(await screen.call('listAudit', { before: 2 })).entries.map(({ seq }) => seq)).toEqual([1]);
    expect(unwrap(await screen.call('verifyAudit', {})).verdict).not.toBe('broken');
    expect(unwrap(await screen.call('exportAudit', {})).text.split('\n').length).toBeGreaterThan(3);
  });

  test('AUD-8: an alarm from before a restart stands until its person lets go of it', async () => {
    const why = fault('audit.split-view', 'conflict', 'two records', 'Look at them.');
    const store = unwrap(await host.vault.openStore());
    await store.saveMemo('alarms', JSON.stringify([{ at: isoTime(systemClock), fault: why }]));
    await host.close();
    const again = await createTestHost(world, { vault: host.vault });
    const later = again.screen();
    const session = later.follow('session');
    const messages = () => session.value()?.notices.map(({ fault: told }) => told.message);
    await session.until(() => messages()?.includes('two records') ?? false);
    unwrap(await later.call('settleAlarms', {}));
    await session.until(() => messages()?.length === 0);
    expect(await listAlarms(unwrap(await host.vault.openStore()))).toEqual([]);
    await again.close();
  });
});

describe('a thousand apps', () => {
  test('are shown whole once; a change of one travels alone', async () => {
    const elsewhere = await openElsewhere();
    const ids = Array.from({ length: 1_000 }, () => randomId(systemRandom));
    for (const [index, appId] of ids.entries())
      unwrap(
        await elsewhere.replica.edit(`app:${appId}`, (editor) => {
          editor.set('name', `app-${index}`);
          editor.set('node', node.identity.nodeId);
          editor.setText('compose', COMPOSE);
        }),
      );
    for (let from = 0; from < ids.length; from += 100)
      unwrap(
        await elsewhere.replica.edit('fleet', (editor) => {
          for (const [index, appId] of ids.slice(from, from + 100).entries())
            editor.addItem('apps', { appId, name: `app-${from + index}` });
        }),
      );
    await elsewhere.send();
    const apps = screen.follow('apps');
    await apps.until(() => apps.rows.size === 1_000);
    const late = screen.follow('apps');
    await late.until(() => late.rows.size === 1_000);
    expect(late.messages).toHaveLength(1);
    unwrap(await screen.call('setSecret', { appId: ids[7] ?? '', name: 'key', value: 'x', uses: [USE] }));
    unwrap(await elsewhere.replica.edit(`app:${ids[8]}`, (editor) => editor.set('name', 'renamed')));
    await elsewhere.send();
    await late.until(() => late.rows.get(ids[8] ?? '')?.name === 'renamed');
    const sent = late.messages.slice(1).flatMap(({ set }) => set.map(({ id }) => id));
    expect(sent.filter((id) => id !== ids[7])).toEqual([ids[8]]);
    elsewhere.close();
  }, 60_000);
});
