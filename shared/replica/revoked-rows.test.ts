import { describe, expect, it } from 'vitest';
import { isoTime, randomId, unwrap } from '#shared/kernel/index.ts';
import { createSeededRandom } from '#shared/testing/deterministic.ts';
import { createFleetOfDevices, type FleetOfDevices } from '#shared/testing/fleet-of-devices.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import {
  applyTrustEntries,
  type Cutoff,
  emptyCutoff,
  generateSealingKey,
  generateSigningKey,
  type SigningKey,
  signTrustEntry,
  type TrustState,
} from '#shared/trust/index.ts';
import { createReplica, type Replica } from './replica.ts';

const APP = `app:${'a'.repeat(26)}`;

/** Replicas of one fleet, each with the trust log that it has been told. */
async function createWorld(devices: number) {
  const fleet = await createFleetOfDevices(devices);
  let seed = 0;
  const open = async (device: number, more: Partial<Kept> = {}): Promise<Opened> => {
    const { store = createMemoryReplicaStore(), trust = fleet.trust } = more;
    const known = { trust };
    const random = createSeededRandom(++seed);
    const writer = more.as ?? randomId(random);
    const { signer } = fleet.devices[device] as FleetOfDevices['devices'][number];
    const { clock } = fleet;
    const about = { signer, store, trust: () => known.trust, auditHead: () => null, clock, random, writer };
    return { replica: unwrap(await createReplica(about)), known, store, writer };
  };
  const revoke = async (device: number, cutoff: Cutoff, by = 0): Promise<TrustState> => {
    const owner = fleet.devices[by];
    if (!owner) throw new Error('no owner');
    const deviceId = fleet.devices[device]?.signer.keyId ?? '';
    const at = isoTime(fleet.clock);
    const entry = { kind: 'revoke-device', deviceId, cutoff } as const;
    const signed = await signTrustEntry(fleet.trust, entry, owner.signer, { at, auditHead: null });
    return unwrap(await applyTrustEntries(fleet.trust, [signed])).state;
  };
  return { fleet, open, revoke };
}

/** What a replica is opened with, where it is not new. */
interface Kept {
  readonly store: ReturnType<typeof createMemoryReplicaStore>;
  readonly trust: TrustState;
  /** The writer id that it takes. */
  readonly as: string;
}

interface Opened {
  readonly replica: Replica;
  readonly known: { trust: TrustState };
  readonly store: ReturnType<typeof createMemoryReplicaStore>;
  readonly writer: string;
}

const send = (from: Opened, to: Opened) => to.replica.receive(from.replica.missing(to.replica.heads()));
const set = async ({ replica }: Opened, value: string, field = 'name') =>
  unwrap(await replica.edit(APP, (editor) => editor.set(field, value)));
const name = ({ replica }: Opened) => replica.snapshot(APP)?.fields.name;

/** A cut-off that lets the rows stand that this replica holds of a writer now. */
async function standing(of: Opened): Promise<Cutoff> {
  const rows = (await of.store.loadRows()).filter((row) => row.writer === of.writer);
  const last = rows.at(-1);
  return last
    ? { ...emptyCutoff, rows: [{ doc: last.doc, writer: last.writer, seq: last.seq, hash: last.hash }] }
    : emptyCutoff;
}

describe('LOG-19: rows of a revoked device', () => {
  it('LOG-19: a row above the cut-off is refused, one below is taken, also by a replica that never saw the device', async () => {
    const { open, revoke } = await createWorld(2);
    const [owner, thief, fresh] = [await open(0), await open(1), await open(0)];
    await set(thief, 'before');
    await send(thief, owner);
    const trust = await revoke(1, await standing(thief));
    await set(thief, 'after');
    for (const replica of [owner, fresh]) {
      replica.known.trust = trust;
      const taken = await send(thief, replica);
      expect(taken.refused.map(({ fault }) => fault.code)).toEqual(['row.revoked']);
      expect(name(replica)).toBe('before');
    }
  });

  it('LOG-19: rows below the cut-off wait for the one that it names, and what builds on them waits behind them', async () => {
    const { open, revoke } = await createWorld(3);
    const [owner, thief, friend, fresh] = [await open(0), await open(1), await open(2), await open(0)];
    await set(thief, 'first');
    await send(thief, friend);
    await set(friend, 'on top');
    await send(friend, owner);
    await set(thief, 'second', 'state');
    await send(thief, owner);
    fresh.known.trust = await revoke(1, await standing(thief));
    const rows = owner.replica.missing({});
    expect(rows).toHaveLength(3);
    // One by one: the core's frames may cut anywhere.
    for (const [index, row] of rows.entries()) {
      expect((await fresh.replica.receive([row])).refused).toEqual([]);
      expect(name(fresh)).toBe(index < 2 ? undefined : 'on top');
    }
    expect(fresh.replica.snapshot(APP)).toEqual(owner.replica.snapshot(APP));
    expect(fresh.replica.snapshot(APP)?.fields).toMatchObject({ name: 'on top', state: 'second' });
  });

  it('LOG-19 A8-39: other rows below the cut-off, by the revoked key itself, are not taken by who starts empty', async () => {
    const { open, revoke } = await createWorld(2);
    const [thief, fresh] = [await open(1), await open(0)];
    await set(thief, 'as the revoker knows it');
    await set(thief, 'and last', 'state');
    const cutoff = await standing(thief);
    const liar = await open(1, { as: thief.writer });
    await set(liar, 'another story');
    await set(liar, 'and its end', 'state');
    fresh.known.trust = await revoke(1, cutoff);
    const lies = await fresh.replica.receive(liar.replica.missing({}));
    expect(lies.refused.map(({ fault }) => fault.code)).toEqual(['row.revoked']);
    expect(fresh.replica.documents()).toEqual([]);
    const truth = await fresh.replica.receive(thief.replica.missing({}));
    expect(truth.refused.map(({ fault }) => fault.code)).toEqual(['row.revoked']);
    expect(fresh.replica.snapshot(APP)?.fields).toMatchObject({ name: 'as the revoker knows it', state: 'and last' });
  });

  it('LOG-19: a row that was merged before the revocation came goes, and what it replaced is back', async () => {
    const { open, revoke } = await createWorld(2);
    const [owner, thief] = [await open(0), await open(1)];
    await set(owner, 'mine');
    await send(owner, thief);
    await set(thief, 'stolen');
    await send(thief, owner);
    expect(name(owner)).toBe('stolen');
    owner.known.trust = await revoke(1, emptyCutoff);
    const seen: (readonly string[])[] = [];
    owner.replica.watch((docs) => seen.push(docs));
    expect(await owner.replica.settleVoid()).toEqual({ docs: [APP], onTop: 0 });
    expect([name(owner), seen]).toEqual(['mine', [[APP]]]);
    expect(await owner.replica.settleVoid()).toEqual({ docs: [], onTop: 0 });
    expect(await owner.store.loadRows()).toHaveLength(2);
    await set(owner, 'goes on');
    expect(name(owner)).toBe('goes on');
  });

  it('LOG-19: what was written on top of a void row goes with it, and is counted', async () => {
    const { open, revoke } = await createWorld(3);
    const [owner, thief, friend] = [await open(0), await open(1), await open(2)];
    await set(thief, 'stolen');
    await send(thief, friend);
    await set(friend, 'instead of stolen');
    await send(friend, owner);
    owner.known.trust = await revoke(1, emptyCutoff);
    friend.known.trust = owner.known.trust;
    expect(await owner.replica.settleVoid()).toEqual({ docs: [APP], onTop: 1 });
    expect(await friend.replica.settleVoid()).toEqual({ docs: [APP], onTop: 1 });
    expect([name(owner), name(friend)]).toEqual([undefined, undefined]);
    expect(friend.replica.unacked()).toEqual([]);
    // Who wrote it finds it aside; the others only lack it.
    expect([owner.replica.refusedCount(), friend.replica.refusedCount()]).toEqual([0, 1]);
    expect((await friend.replica.refusedEdits()).map(({ fault }) => fault.code)).toEqual(['row.on-void']);
    await set(friend, 'again');
    await send(friend, owner);
    expect(name(owner)).toBe('again');
  });

  it('LOG-17 LOG-19 P2: what a void revocation had taken is back, with what was written on top of it', async () => {
    const { open, revoke } = await createWorld(3);
    const [elder, friend] = [await open(0), await open(2)];
    await set(elder, 'of the elder');
    await send(elder, friend);
    await set(friend, 'on top', 'state');
    await set(friend, 'instead', 'name');
    await send(friend, elder);
    // The thief, a younger key, revokes the elder and lets nothing of it stand; the elder answers.
    const thiefs = await revoke(0, emptyCutoff, 1);
    const answer = await revoke(1, emptyCutoff, 0);
    const settled = unwrap(await applyTrustEntries(thiefs, answer.entries)).state;
    expect(settled.devices.size).toBe(2);
    for (const replica of [elder, friend]) {
      replica.known.trust = thiefs;
      await replica.replica.settleVoid();
      expect(name(replica)).toBeUndefined();
    }
    for (const replica of [elder, friend]) {
      replica.known.trust = settled;
      await replica.replica.settleVoid();
    }
    await send(elder, friend);
    await send(friend, elder);
    expect(elder.replica.snapshot(APP)?.fields).toMatchObject({ name: 'instead', state: 'on top' });
    expect(friend.replica.snapshot(APP)).toEqual(elder.replica.snapshot(APP));
    expect(elder.replica.unacked()).toHaveLength(1);
  });

  it('LOG-17 LOG-19 P2: rows that went one after the other are back at once', async () => {
    const { open, revoke } = await createWorld(4);
    const [elder, friend, watcher] = [await open(0), await open(2), await open(3)];
    await set(elder, 'of the elder');
    await send(elder, friend);
    await set(friend, 'on top', 'name');
    await send(friend, watcher);
    const whole = watcher.replica.snapshot(APP);
    // The thief revokes first who wrote on top, then who wrote below; the elder answers.
    const first = await revoke(2, emptyCutoff, 1);
    const second = unwrap(await applyTrustEntries(first, (await revoke(0, emptyCutoff, 1)).entries)).state;
    const settled = unwrap(await applyTrustEntries(second, (await revoke(1, emptyCutoff, 0)).entries)).state;
    for (const trust of [first, second]) {
      watcher.known.trust = trust;
      await watcher.replica.settleVoid();
    }
    expect(name(watcher)).toBeUndefined();
    watcher.known.trust = settled;
    await watcher.replica.settleVoid();
    expect(watcher.replica.snapshot(APP)).toEqual(whole);
  });

  it('LOG-15: rows of a device that a void entry let in go, and a store with them opens', async () => {
    const { fleet, open, revoke } = await createWorld(2);
    const [owner, thief] = [await open(0), await open(1)];
    const friend = await generateSigningKey();
    const { recipient } = await generateSealingKey();
    const [thiefKey] = fleet.devices.slice(1);
    const device = {
      deviceId: friend.signer.keyId,
      name: 'friend',
      kind: 'cli' as const,
      signKey: friend.publicKey,
      ageRecipient: recipient,
    };
    const entry = { kind: 'add-device', device, personId: [...fleet.trust.persons.keys()][0] ?? '' } as const;
    const about = { at: isoTime(fleet.clock), auditHead: null };
    const letIn = await signTrustEntry(fleet.trust, entry, (thiefKey as SigningKey).signer, about);
    thief.known.trust = unwrap(await applyTrustEntries(fleet.trust, [letIn])).state;
    owner.known.trust = thief.known.trust;
    const options = { store: createMemoryReplicaStore(), trust: () => thief.known.trust, auditHead: () => null };
    const more = { clock: fleet.clock, random: createSeededRandom(5), writer: randomId(createSeededRandom(6)) };
    const rogue = unwrap(await createReplica({ ...options, ...more, signer: friend.signer }));
    unwrap(await rogue.edit(APP, (editor) => editor.set('name', 'of a friend of the thief')));
    await owner.replica.receive(rogue.missing({}));
    expect(name(owner)).toBe('of a friend of the thief');
    const ended = await revoke(1, emptyCutoff);
    owner.known.trust = unwrap(await applyTrustEntries(thief.known.trust, ended.entries)).state;
    expect(owner.known.trust.devices.size).toBe(1);
    await owner.replica.settleVoid();
    expect(name(owner)).toBeUndefined();
    const again = await open(0, { store: owner.store, trust: owner.known.trust });
    expect(again.replica.documents()).toEqual([]);
    expect((await again.replica.receive(rogue.missing({}))).refused[0]?.fault.code).toMatch(/^trust\./);
  });

  it('LOG-19: replicas that heard rows and revocation in different order hold the same', async () => {
    const { open, revoke } = await createWorld(3);
    const [owner, thief, friend] = [await open(0), await open(1), await open(2)];
    await set(owner, 'mine');
    await send(owner, thief);
    await send(owner, friend);
    await set(thief, 'known to the owner', 'state');
    await send(thief, owner);
    const trust = await revoke(1, await standing(thief));
    await set(thief, 'unknown to the owner');
    await send(thief, friend);
    await set(friend, 'other', 'node');
    for (const replica of [owner, friend]) replica.known.trust = trust;
    await send(friend, owner);
    await friend.replica.settleVoid();
    await owner.replica.settleVoid();
    await send(owner, friend);
    await send(friend, owner);
    expect(owner.replica.snapshot(APP)).toEqual(friend.replica.snapshot(APP));
    expect(owner.replica.snapshot(APP)?.fields).toMatchObject({
      name: 'mine',
      state: 'known to the owner',
      node: 'other',
    });
  });

  it('LOG-19 P5: a store opens with void rows in it, and only what a revocation does not explain is a fault', async () => {
    const { open, revoke, fleet } = await createWorld(2);
    const [owner, thief] = [await open(0), await open(1)];
    await set(thief, 'stolen');
    await send(thief, owner);
    await set(owner, 'on top');
    const trust = await revoke(1, emptyCutoff);
    const { signer } = fleet.devices[0] as FleetOfDevices['devices'][number];
    const about = {
      signer,
      store: owner.store,
      auditHead: () => null,
      clock: fleet.clock,
      random: createSeededRandom(77),
    };
    const again = unwrap(await createReplica({ ...about, trust: () => trust, writer: owner.writer }));
    expect(again.documents()).toEqual([]);
    expect(await owner.store.loadRows()).toHaveLength(2);
    expect(await again.settleVoid()).toEqual({ docs: [APP], onTop: 1 });
    expect((await owner.store.loadRows()).map((row) => row.aside?.state)).toEqual([undefined, 'kept']);
    unwrap(await again.edit(APP, (editor) => editor.set('name', 'anew')));
    const third = unwrap(await createReplica({ ...about, trust: () => trust, writer: owner.writer }));
    expect(third.snapshot(APP)?.fields.name).toBe('anew');
    const rows = await owner.store.loadRows();
    const store = createMemoryReplicaStore();
    await store.append(rows.map((row) => ({ ...row, envelope: { ...row.envelope, payload: 'e30=' } })).slice(2));
    const broken = await createReplica({ ...about, store, trust: () => trust, writer: owner.writer });
    expect(broken).toMatchObject({ ok: false, error: { code: 'replica.corrupt' } });
  });
});
