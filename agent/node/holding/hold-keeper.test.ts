import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Clock, randomId, sha256Hex, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { emptyCutoff, STATEMENT_LIFE_MS } from '#shared/trust/index.ts';
import { createNodeAudit, type NodeAudit } from '../audit/node-audit.ts';
import { loadOrCreateIdentity, type NodeIdentityKeys } from '../enrol/identity.ts';
import { createTrustHolder, type TrustHolder } from '../link/trust-holder.ts';
import { type NodeStore, openNodeStore } from '../store/node-store.ts';
import { signStatement } from '../testing/answered-hold.ts';
import { createTestFleet, type TestFleet } from '../testing/test-fleet.ts';
import { createHoldKeeper, type HoldKeeper, LOOK_EVERY_MS } from './hold-keeper.ts';
import { createTimeFloor } from './time-floor.ts';

const HOUR_MS = 3_600_000;
let keyDir: string;
let dataDir: string;
let fleet: TestFleet;
let identity: NodeIdentityKeys;
let store: NodeStore;
let trust: TrustHolder;
let audit: NodeAudit;
let hold: HoldKeeper;
let nowMs: number;
const clock: Clock = { nowMs: () => nowMs };

/** A start of the agent on what lies in its folder. */
async function start(): Promise<void> {
  trust = unwrap(await createTrustHolder(fleet.fleet, store.trust));
  const { signer } = identity;
  const heads = { trustHead: () => trust.state.head, coreAuditHead: () => null };
  audit = createNodeAudit({ store, signer, fleet: fleet.fleet, clock, ...heads });
  const about = { nodeId: identity.nodeId, trust, audit, store, clock, random: systemRandom, log: () => undefined };
  hold = createHoldKeeper({ ...about, timeFloor: createTimeFloor(about) });
}

const say = (changes: object = {}, state = fleet.state) =>
  signStatement({ store, nodeId: identity.nodeId, hold, state, signer: fleet.device }, changes);
const did = (action: string) => audit.append({ action, subject: {}, order: null });

beforeAll(async () => {
  keyDir = mkdtempSync(join(tmpdir(), 'overseer-keys-'));
  identity = await loadOrCreateIdentity(keyDir);
});
afterAll(() => rmSync(keyDir, { recursive: true, force: true }));
beforeEach(async () => {
  fleet = await createTestFleet({ httpPort: 1, linkPort: 1 });
  const { nodeId, signKey, ageRecipient, tlsSpki } = identity;
  await fleet.addEntry({ kind: 'add-node', node: { nodeId, name: 'attic', signKey, ageRecipient, tlsSpki } });
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-hold-'));
  store = openNodeStore(dataDir);
  store.trust.add(fleet.state.entries);
  nowMs = Date.now();
  await start();
});
afterEach(() => {
  hold.stop();
  vi.useRealTimers();
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a node that has started', () => {
  it('HOLD-10: keeps the time of an answer that ends its hold, and of no other', async () => {
    const time = new Date(nowMs - 5_000).toISOString();
    await hold.take(await say({ time, nonce: randomId(systemRandom) }));
    expect(store.timeFloor.all()).toEqual([]);
    unwrap(await hold.take(await say({ time })));
    expect(store.timeFloor.all()).toEqual([[fleet.device.keyId, nowMs - 5_000]]);
  });

  it('HOLD-1: holds until a device answers its question, and writes down who did', async () => {
    expect(hold.why()).toMatchObject({ code: 'hold.waiting', kind: 'transient' });
    expect(hold.view()).toMatchObject({ holding: true, nonce: expect.stringMatching(/^[a-z2-7]{26}$/) });
    expect(await hold.take(await say())).toEqual({ ok: true });
    expect(hold.why()).toBeNull();
    expect(hold.view()).toMatchObject({ holding: false, nonce: null, why: null });
    expect(audit.head()?.seq).toBe(1);
  });

  it('HOLD-2: asks with another nonce after each start, so that an old answer says nothing (A8-3)', async () => {
    const statement = await say();
    expect(await hold.take(statement)).toEqual({ ok: true });
    await start();
    expect(await hold.take(statement)).toMatchObject({ ok: false, error: { code: 'hold.wrong-nonce' } });
    expect(hold.why()).not.toBeNull();
  });

  it('HOLD-2: takes one answer, and writes down no second', async () => {
    const [one, two] = [await say(), await say()];
    const taken = await Promise.all([hold.take(one), hold.take(two)]);
    expect(taken).toMatchObject([{ ok: true }, { ok: false, error: { code: 'hold.not-asked' } }]);
    expect(audit.head()?.seq).toBe(1);
  });

  it('HOLD-4: goes on by itself when the log that it lacked comes (A8-44)', async () => {
    const entry = await fleet.addEntry({
      kind: 'add-person',
      personId: randomId(systemRandom),
      name: 'K',
      role: 'viewer',
    });
    expect(await hold.take(await say())).toEqual({ ok: true });
    expect(hold.why()).toMatchObject({ code: 'hold.behind-trust' });
    unwrap(await trust.receive([entry]));
    await hold.recheck();
    expect(hold.why()).toBeNull();
  });

  it('HOLD-5: holds on where somebody saw more of its chain than it has (A8-44)', async () => {
    await did('accepted');
    const forgotten = { nodeAuditHead: sha256Hex(utf8('forgotten')), nodeAuditSeq: 9 };
    expect(await hold.take(await say(forgotten))).toEqual({ ok: true });
    expect(hold.why()).toMatchObject({ code: 'hold.behind-chain', detail: { seq: '9', ownSeq: '1' } });
    // Who knows less does not end it while the question of the first stands: the nonce is still open to the truth only.
    expect(hold.view().nonce).not.toBeNull();
  });

  it('HOLD-9: after an owner let it go on, its next entry has a number above all that its owner saw', async () => {
    await did('accepted');
    const forgotten = { nodeAuditHead: sha256Hex(utf8('forgotten')), nodeAuditSeq: 9 };
    unwrap(await hold.take(await say(forgotten)));
    unwrap(await hold.take(await say({ ...forgotten, goOn: audit.head()?.hash })));
    expect(hold.why()).toBeNull();
    expect(
      JSON.parse(Buffer.from(store.audit.after(9, 1)[0]?.envelope.payload ?? '', 'base64').toString()),
    ).toMatchObject({
      action: 'went-on',
      seq: 10,
      detail: { signer: fleet.device.keyId },
    });
  });

  it('HOLD-3: a device that was revoked ends nothing (A8-12)', async () => {
    const before = fleet.state;
    const operator = await fleet.addPerson('operator');
    const added = fleet.state;
    const cut = { kind: 'revoke-device', deviceId: operator.keyId, cutoff: emptyCutoff } as const;
    await fleet.addEntry(cut);
    expect(added.head).not.toBe(before.head);
    unwrap(await trust.receive(fleet.state.entries));
    const by = { store, nodeId: identity.nodeId, hold, signer: operator };
    const statement = await signStatement({ ...by, state: fleet.state });
    expect(await hold.take(statement)).toMatchObject({ ok: false, error: { code: 'trust.revoked' } });
    expect(hold.why()).not.toBeNull();
  });
});

describe('a node that has run for long', () => {
  it('HOLD-1: asks again after half a day without holding, and holds after a whole one', async () => {
    vi.useFakeTimers();
    let told = 0;
    hold.start(() => {
      told += 1;
    });
    unwrap(await hold.take(await say()));
    const later = (ms: number): void => {
      nowMs += ms;
      vi.advanceTimersByTime(LOOK_EVERY_MS);
    };
    later(11 * HOUR_MS);
    expect(hold.view()).toMatchObject({ holding: false, nonce: null });
    later(2 * HOUR_MS);
    expect(hold.view()).toMatchObject({ holding: false, nonce: expect.any(String) });
    expect(told).toBe(1);
    later(STATEMENT_LIFE_MS - 13 * HOUR_MS + 1);
    expect(hold.why()).toMatchObject({ code: 'hold.waiting' });
    unwrap(await hold.take(await say()));
    expect(hold.why()).toBeNull();
  });

  it('HOLD-5: holds at once when an answer tells of what it has forgotten, also one that it did not wait for', async () => {
    vi.useFakeTimers();
    hold.start(() => undefined);
    unwrap(await hold.take(await say()));
    nowMs += 13 * HOUR_MS;
    vi.advanceTimersByTime(LOOK_EVERY_MS);
    unwrap(await hold.take(await say({ nodeAuditHead: sha256Hex(utf8('forgotten')), nodeAuditSeq: 9 })));
    expect(hold.why()).toMatchObject({ code: 'hold.behind-chain' });
  });
});
