import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SYNC_PROTOCOL } from '#shared/contracts/sync/messages.ts';
import { isoTime, randomId, sha256Hex, systemClock, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createReplica } from '#shared/replica/index.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import { createTrustState, emptyCutoff, signEnvelope, signTrustEntry } from '#shared/trust/index.ts';
import { createActor, genesisEntry } from '#shared/trust/testing/test-fleet.ts';
import { appBody } from './testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import type { TestDevice } from './testing/test-device.ts';
import { joinNode, type TestNode } from './testing/test-node.ts';
import { untilJob } from './testing/until-job.ts';

let world: CoreWorld;
let owner: TestDevice;
/** A second desktop of the owner, which gets into other hands. */
let thief: TestDevice;
let node: TestNode;

beforeEach(async () => {
  world = await createCoreWorld();
  owner = await world.claim();
  node = await joinNode(world, owner);
  thief = await world.newDevice();
  const personId = [...owner.trust().persons.keys()][0] ?? '';
  const device = thief.identity('stolen', 'desktop');
  await extend(await owner.addTrust({ kind: 'add-device', personId, device }));
  await thief.takeTrust(owner.trust().entries);
  expect(await thief.openSession()).toMatchObject({ status: 201 });
});
afterEach(async () => {
  node.disconnect();
  await world.dispose();
});

const extend = async (...entries: unknown[]) =>
  expect(await owner.call('extendTrust', { body: { entries } })).toMatchObject({ status: 200 });
const revokeThief = async () =>
  extend(await owner.addTrust({ kind: 'revoke-device', deviceId: thief.deviceId, cutoff: emptyCutoff }));
const actions = async (): Promise<{ action: string; subject: Record<string, string> }[]> =>
  (await owner.call('listAudit', { query: { after: '0', limit: '1000' } })).json.entries;
const release = () => ({ appId: randomId(systemRandom), node: node.identity.nodeId, body: appBody('evil') });

describe('P1: a device that was revoked', () => {
  test('P1 A8-12: has no session from that moment on, gets no new one, and hears why', async () => {
    const socket = await thief.webSocket('/api/v1/sync', SYNC_PROTOCOL);
    const closed = once(socket, 'close');
    await revokeThief();
    expect(await thief.call('listNodes')).toMatchObject({ status: 401 });
    expect((await closed)[0]).toBe(4403);
    expect(await thief.openSession()).toMatchObject({ status: 403, json: { code: 'trust.revoked' } });
  });

  test('P1 A8-12: its releases that wait for a node are dropped, also after a kill in between', async () => {
    const waits = await thief.deploy(release());
    const [job = ''] = waits.json.jobs;
    await untilJob(owner, job, 'queued');
    await revokeThief();
    expect(await untilJob(owner, job, 'failed')).toMatchObject({ fault: { code: 'trust.revoked' } });
    expect((await actions()).filter(({ action }) => action === 'job.drop')).toHaveLength(1);
    await node.connect();
    await world.restart();
    await owner.openSession();
    expect((await actions()).filter(({ action }) => action === 'job.drop')).toHaveLength(1);
    expect(node.received.filter(({ type }) => type === 'release')).toEqual([]);
  });

  test('P1: an owner goes on above what it signed last', async () => {
    const first = release();
    const sent = await thief.deploy(first);
    await revokeThief();
    await untilJob(owner, sent.json.jobs[0], 'failed');
    const next = await owner.deploy({ ...first, number: 2, previous: sent.header });
    expect(next).toMatchObject({ status: 202 });
    await node.connect();
    const message = await node.next('release');
    expect(message.chain).toHaveLength(2);
  });

  test('P1 A8-12: it can not push rows, and the core forgets those above the cut-off', async () => {
    const writer = randomId(systemRandom);
    const store = createMemoryReplicaStore();
    const about = { signer: thief.key.signer, store, trust: thief.trust, auditHead: () => null };
    const replica = unwrap(await createReplica({ ...about, writer, clock: systemClock, random: systemRandom }));
    const doc = `app:${randomId(systemRandom)}`;
    unwrap(await replica.edit(doc, (editor) => editor.set('name', 'evil')));
    const push = (device: TestDevice) =>
      world.running.core.rows.push(replica.missing({}), { kind: 'device', id: device.deviceId });
    expect((await push(thief)).accepted).toHaveLength(1);
    expect(world.running.core.rows.documents()).toContain(doc);
    await revokeThief();
    const again = await push(owner);
    expect(again.refused).toMatchObject([{ fault: { code: 'row.revoked' } }]);
    expect(world.running.core.rows.documents()).not.toContain(doc);
    expect((await actions()).filter(({ action }) => action === 'rows.void')).toHaveLength(1);
    await world.restart();
    expect(world.running.core.rows.documents()).not.toContain(doc);
  });

  test('P8: what became of its rows is written down at the next start, where a kill came before the entry', async () => {
    const writer = randomId(systemRandom);
    const about = { signer: thief.key.signer, store: createMemoryReplicaStore(), trust: thief.trust };
    const more = { auditHead: () => null, writer, clock: systemClock, random: systemRandom };
    const replica = unwrap(await createReplica({ ...about, ...more }));
    unwrap(await replica.edit(`app:${randomId(systemRandom)}`, (editor) => editor.set('name', 'evil')));
    await world.running.core.rows.push(replica.missing({}), { kind: 'device', id: thief.deviceId });
    await revokeThief();
    const told = async () => (await actions()).filter(({ action }) => action === 'rows.void');
    await expect.poll(async () => (await told()).length).toBe(1);
    // As if the core had died between the two: the rows are out, and no entry has told of it.
    await world.running.core.store.durable.write((tx) => tx.setMeta('void-rows', null));
    await world.restart();
    await owner.openSession();
    await expect.poll(async () => (await told()).map(({ subject }) => subject.voided)).toEqual(['1', '1']);
    await world.restart();
    await owner.openSession();
    expect(await told()).toHaveLength(2);
  });

  test('P8: a key that only claims to have signed is written down as nobody', async () => {
    const evil = await createActor('claims');
    const [genesis] = owner.trust().entries;
    const forged = { ...genesis, payload: Buffer.from('{}').toString('base64') };
    const stranger = await world.newDevice();
    await stranger.call('presentTrust', { body: { entries: [forged] }, session: null });
    const claim = { fleet: owner.trust().fleet, trustHead: null, auditHead: null };
    const times = { coreSpki: world.folder.spki, challenge: 'x'.repeat(32), expiresAt: isoTime(systemClock) };
    const signed = await signEnvelope('session', { ...claim, ...times }, evil.key.signer);
    const names = { ...signed, signatures: [{ ...signed.signatures[0], keyid: owner.deviceId }] };
    await stranger.call('createSession', { body: { envelope: names }, session: null });
    const last = (await actions()) as unknown as { action: string; actor: { id: string }; outcome: string }[];
    const refused = last.filter(({ outcome }) => outcome === 'refused').map(({ action, actor }) => [action, actor.id]);
    expect(refused).toEqual([
      ['trust.extend', 'unproven'],
      ['session.open', 'unproven'],
    ]);
  });

  test('LOG-18 SES-4: the recovery key opens a session, extends the log, and orders nothing', async () => {
    await revokeThief();
    const words = owner.recovery();
    const challenge = (await owner.call('createChallenge', { body: {}, session: null })).json;
    const session = await words.openSession(challenge);
    const read = await owner.call('getTrust', { session });
    expect(read.json.entries).toHaveLength(owner.trust().entries.length);
    const ended = await words.revoke(owner.deviceId);
    expect(await owner.call('extendTrust', { session, body: { entries: [ended] } })).toMatchObject({ status: 200 });
    expect(await owner.call('listNodes')).toMatchObject({ status: 401 });
    const bytes = utf8('x');
    const put = await owner.call('putObject', { session, params: { hash: sha256Hex(bytes) }, octets: bytes });
    expect(put).toMatchObject({ status: 403, json: { code: 'trust.unknown-signer' } });
  });
});

describe('P1: a node that was revoked', () => {
  test('LOG-23: its link is closed, what waits for it is dropped, and it comes in no more', async () => {
    await node.connect();
    expect(world.running.core.nodes.connected(node.identity.nodeId)).toBeDefined();
    await extend(await owner.addTrust({ kind: 'revoke-node', nodeId: node.identity.nodeId }));
    while (world.running.core.nodes.connected(node.identity.nodeId)) await new Promise(setImmediate);
    const told = await node.next('trust');
    expect(told.entries).toHaveLength(1);
    expect(await owner.deploy(release())).toMatchObject({ status: 404, json: { code: 'node.unknown' } });
    expect((await owner.call('listNodes')).json.nodes).toEqual([]);
    while (!world.log.some((line) => line.includes('A peer was refused'))) await new Promise(setImmediate);
  });
});

describe('P1: entries that come without a session', () => {
  test('P1: a core without a fleet takes no genesis but in a claim', async () => {
    const fresh = await createCoreWorld();
    try {
      const stranger = await fresh.newDevice();
      const [evil, words] = [await createActor('stranger'), await createActor('words of the stranger')];
      const about = { at: isoTime(systemClock), auditHead: null };
      const genesis = await signTrustEntry(createTrustState(), genesisEntry(evil, words), evil.key.signer, about);
      const answer = await stranger.call('presentTrust', { body: { entries: [genesis] }, session: null });
      expect(answer).toMatchObject({ status: 409, json: { code: 'core.not-claimed' } });
      expect(fresh.running.core.trust.fleet()).toBe('');
      expect((await fresh.claim()).trust().fleet).toBe(fresh.running.core.trust.fleet());
    } finally {
      await fresh.dispose();
    }
  });

  test('P1: an entry that a stranger signed is refused by its key, before its place in the log is looked at', async () => {
    const before = owner.trust().heads;
    const stranger = await world.newDevice();
    const evil = await createActor('stranger');
    // Its parents are nowhere: who looks at the place first asks for them.
    const payload = {
      fleet: owner.trust().fleet,
      trustHead: null,
      auditHead: null,
      parents: ['ab'.repeat(32)],
      at: isoTime(systemClock),
      entry: { kind: 'revoke-node', nodeId: 'a'.repeat(26) },
    };
    const entry = await signEnvelope('trust', payload, evil.key.signer);
    const answer = await stranger.call('presentTrust', { body: { entries: [entry] }, session: null });
    expect(answer.json.code).toBe('trust.unknown-signer');
    expect(world.running.core.trust.current().heads).toEqual(before);
  });

  test('P8: what is known already, sent again by a stranger, is not written down as the act of its signer', async () => {
    const before = (await actions()).length;
    const stranger = await world.newDevice();
    const entries = owner.trust().entries.slice(0, 8);
    const answer = await stranger.call('presentTrust', { body: { entries }, session: null });
    expect(answer).toMatchObject({ status: 200 });
    expect(await actions()).toHaveLength(before);
  });
});
