import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  type Cutoff,
  createTrustState,
  decideDeviceMay,
  decideLogRoom,
  doesReleaseStand,
  doesRowStand,
  type Envelope,
  emptyCutoff,
  everyTrustKey,
  isOwnerDevice,
  isProvisionalFleet,
  itemHash,
  MAX_COUNTING,
  MAX_ENTRIES,
  newVoidRevocations,
  ownerRecipients,
  stateBeside,
  stateBesideRevocations,
  type TrustEntry,
  type TrustState,
  trustKeys,
  voidRevocations,
} from '../index.ts';
import {
  type Actor,
  addPerson,
  addresses,
  codeOf,
  createActor,
  createTestFleet,
  deviceOf,
  extend,
  merge,
  nodeOf,
  refusalOf,
  sign,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';

let fleet: TestFleet;
/** Owner of the fleet, then owners that were let in one after the other. */
let elder: Actor;
let second: Actor;
let third: Actor;
let spare: Actor;
let shed: Actor;
let base: TrustState;

const ann = testId('ann');
const revoke = (device: Actor, more: Partial<Extract<TrustEntry, { kind: 'revoke-device' }>> = {}): TrustEntry => ({
  kind: 'revoke-device',
  deviceId: device.id,
  cutoff: emptyCutoff,
  ...more,
});
const addDevice = (device: Actor, name = 'new', personId = ann): TrustEntry => ({
  kind: 'add-device',
  device: deviceOf(device, name),
  personId,
});

beforeAll(async () => {
  fleet = await createTestFleet('revocation');
  elder = fleet.owner;
  [second, third, spare, shed] = (await Promise.all(
    ['second', 'third', 'spare', 'shed'].map((name) => createActor(`revocation ${name}`)),
  )) as [Actor, Actor, Actor, Actor];
  base = await extend(fleet.state, elder, addDevice(second, 'second'));
  base = await extend(base, elder, addDevice(third, 'third'));
});

const standing = (state: TrustState, ...actors: Actor[]) => actors.map((actor) => state.devices.has(actor.id));

describe('LOG-16: a revocation', () => {
  it('LOG-16 P1: ends the key: it orders nothing, signs nothing, reads no owner copy, and the refusal says why', async () => {
    const state = await extend(base, elder, revoke(third));
    expect(isOwnerDevice(state, third.id)).toBe(false);
    expect(decideDeviceMay(state, third.id, 'read')).toMatchObject({ ok: false, error: { code: 'trust.revoked' } });
    expect(await refusalOf(state, third, addDevice(spare))).toBe('trust.revoked');
    expect(trustKeys(state)(third.id)).toBeUndefined();
    expect(everyTrustKey(state)(third.id)).toBe(third.key.publicKey);
    expect(ownerRecipients(state)).not.toContain(third.sealing.recipient);
    expect(state.revokedDevices.get(third.id)?.device.name).toBe('third');
  });

  it('LOG-16: voids what the key signed beside it, and leaves what lies below (A8-12)', async () => {
    const before = await extend(base, third, { kind: 'add-node', node: nodeOf(shed, 'shed') });
    const beside = await sign(before, third, addDevice(spare, 'a friend of the thief'));
    const state = await merge(await extend(before, elder, revoke(third)), beside);
    expect(state.nodes.has(shed.id)).toBe(true);
    expect(standing(state, elder, second, third, spare)).toEqual([true, true, false, false]);
    expect(state.voided).toHaveLength(1);
    expect(state.heads).toHaveLength(2);
  });

  it('LOG-16: a revoked key is not let in again, neither after nor beside its revocation (A8-13)', async () => {
    const early = await extend(base, elder, addDevice(spare, 'spare'));
    const state = await extend(early, elder, revoke(spare));
    expect(await refusalOf(state, elder, addDevice(spare, 'spare'))).toBe('trust.revoked');
    expect(await refusalOf(state, elder, { kind: 'add-node', node: nodeOf(spare, 'as a node') })).toBe('trust.revoked');
    const again = await sign(base, second, addDevice(spare, 'spare'));
    expect(standing(await merge(state, again), spare)).toEqual([false]);
    const otherwise = await sign(base, second, addDevice(spare, 'another name'));
    expect(standing(await merge(state, otherwise), spare)).toEqual([false]);
  });

  it('LOG-16: may be signed by the device itself', async () => {
    const state = await extend(base, third, revoke(third));
    expect(standing(state, second, third)).toEqual([true, false]);
    const twice = await merge(state, await sign(base, third, revoke(third, { reason: 'sold' })));
    expect(standing(twice, third)).toEqual([false]);
    expect(twice.voided).toEqual([]);
  });

  it('LOG-16: of a person ends all devices, also those that are let in beside it', async () => {
    const bob = testId('bob');
    let state = await extend(base, elder, { kind: 'add-person', personId: bob, name: 'Bob', role: 'owner' });
    state = await extend(state, elder, addDevice(spare, 'of Bob', bob));
    const beside = await extend(state, second, addDevice(shed, 'also of Bob', bob));
    const signed = await sign(state, spare, {
      kind: 'add-person',
      personId: testId('eve'),
      name: 'Eve',
      role: 'owner',
    });
    const revoked = await extend(state, elder, { kind: 'revoke-person', personId: bob, cutoff: emptyCutoff });
    const all = await merge(beside, revoked, signed);
    expect(standing(all, spare, shed)).toEqual([false, false]);
    expect([...all.persons.keys()]).toEqual([ann]);
    expect(all.revokedPersons.get(bob)?.name).toBe('Bob');
    expect(await refusalOf(all, elder, addDevice(await createActor('x'), 'x', bob))).toBe('trust.unknown-person');
    const again = { kind: 'add-person', personId: bob, name: 'Bob', role: 'owner' } as const;
    expect(await refusalOf(all, elder, again)).toBe('trust.duplicate-id');
  });

  it('LOG-16 LOG-5: names a device or person that is there', async () => {
    expect(await refusalOf(base, elder, revoke(spare))).toBe('trust.unknown-id');
    const person = { kind: 'revoke-person', personId: testId('nobody'), cutoff: emptyCutoff } as const;
    expect(await refusalOf(base, elder, person)).toBe('trust.unknown-person');
  });

  it('LOG-16: can end a device whose entries clash', async () => {
    const clash = await merge(
      await extend(base, elder, addDevice(spare, 'left')),
      await extend(base, second, addDevice(spare, 'right')),
    );
    const state = await extend(clash, elder, revoke(spare));
    expect(standing(await extend(state, elder, revoke(third)), spare)).toEqual([false]);
    const settled = await applyTrustEntries(state, [await sign(clash, second, addDevice(spare, 'settled'))]);
    expect(standing(unwrap(settled).state, spare)).toEqual([false]);
  });
});

describe('LOG-15: what rests on a void entry', () => {
  it('LOG-15: devices that a void entry let in count nothing, nor what they signed, however deep', async () => {
    let thiefs = await extend(base, third, addDevice(spare, 'let in by the thief'));
    thiefs = await extend(thiefs, spare, addDevice(shed, 'let in by that one'));
    thiefs = await extend(thiefs, shed, {
      kind: 'core',
      tlsSpki: sha256Hex(utf8('evil')),
      addresses: addresses,
      epoch: 9e15,
    });
    const state = await merge(thiefs, await extend(base, elder, revoke(third)));
    expect(standing(state, third, spare, shed)).toEqual([false, false, false]);
    expect([state.core?.epoch, state.highestEpoch]).toEqual([1, 1]);
    expect(state.voided).toHaveLength(3);
  });

  it('LOG-15: what an honest owner signed on top of a void entry counts', async () => {
    const thiefs = await extend(base, third, addDevice(spare, 'let in by the thief'));
    const honest = await extend(thiefs, second, { kind: 'add-node', node: nodeOf(shed, 'shed') });
    const state = await merge(honest, await extend(base, elder, revoke(third)));
    expect([state.nodes.has(shed.id), state.devices.has(spare.id)]).toEqual([true, false]);
  });

  it('LOG-15: devices of a person that a void entry made an owner sign nothing', async () => {
    const eve = testId('eve');
    let thiefs = await extend(base, third, { kind: 'add-person', personId: eve, name: 'Eve', role: 'owner' });
    thiefs = await extend(thiefs, second, addDevice(spare, 'of Eve', eve));
    thiefs = await extend(thiefs, spare, { kind: 'add-node', node: nodeOf(shed, 'shed') });
    const state = await merge(thiefs, await extend(base, elder, revoke(third)));
    expect([state.nodes.has(shed.id), isOwnerDevice(state, spare.id)]).toEqual([false, false]);
  });
});

describe('LOG-17: who revokes whom', () => {
  it('LOG-17: of two that revoke each other the elder stays (A8-45)', async () => {
    const state = await merge(await extend(base, elder, revoke(second)), await extend(base, second, revoke(elder)));
    expect(standing(state, elder, second)).toEqual([true, false]);
    expect(state.voided).toHaveLength(1);
  });

  it('LOG-17: a younger key ends an elder one that does not object, and what it signs beside that', async () => {
    const beside = await sign(base, elder, addDevice(spare, 'beside'));
    const state = await merge(await extend(base, second, revoke(elder)), beside);
    expect(standing(state, elder, second, spare)).toEqual([false, true, false]);
  });

  it('LOG-17: an elder that was revoked answers beside the revocation, and has the last word', async () => {
    let state = await extend(base, second, revoke(elder));
    state = await extend(state, second, addDevice(spare, 'of the thief'));
    expect(await refusalOf(state, elder, revoke(second))).toBe('trust.revoked');
    const answer = await sign(stateBesideRevocations(state, elder.id), elder, revoke(second));
    const after = unwrap(await applyTrustEntries(state, [answer])).state;
    expect(standing(after, elder, second, spare)).toEqual([true, false, false]);
    // The thief can not undo it: whatever it signs beside, its elder's revocation takes it.
    const more = await sign(base, second, revoke(elder, { reason: 'once more' }));
    expect(standing(await merge(after, more), elder, second)).toEqual([true, false]);
  });

  it('LOG-17: keys that were let in beside each other and revoke each other go both', async () => {
    const forked = await merge(
      await extend(base, elder, addDevice(spare, 'spare')),
      await extend(base, elder, addDevice(shed, 'shed')),
    );
    const state = await merge(await extend(forked, spare, revoke(shed)), await extend(forked, shed, revoke(spare)));
    expect(standing(state, elder, spare, shed)).toEqual([true, false, false]);
  });

  it('LOG-17: in a circle of three the eldest stands where it is objected to by its younger', async () => {
    const state = await merge(
      await extend(base, elder, revoke(second)),
      await extend(base, second, revoke(third)),
      await extend(base, third, revoke(elder)),
    );
    expect(standing(state, second, third)).toEqual([false, true]);
    const answer = await sign(stateBesideRevocations(state, elder.id), elder, revoke(third));
    const after = await merge(state, answer);
    expect(standing(after, elder, third)).toEqual([true, false]);
  });

  it('LOG-17: a thief does not outrank its elder through a key that it lets in', async () => {
    let thiefs = await extend(base, third, addDevice(spare, 'let in by the thief'));
    thiefs = await extend(thiefs, spare, revoke(elder));
    const state = await merge(thiefs, await extend(base, elder, revoke(third)));
    expect(standing(state, elder, third, spare)).toEqual([true, false, false]);
  });
});

describe('LOG-18: recovery', () => {
  const words = () => fleet.recovery;
  it('LOG-18 REC-3: revokes every device and lets a new one in', async () => {
    let state = base;
    for (const lost of [elder, second, third]) state = await extend(state, words(), revoke(lost));
    expect(state.devices.size).toBe(0);
    state = await extend(state, words(), addDevice(spare, 'new laptop'));
    expect(isOwnerDevice(state, spare.id)).toBe(true);
    expect(await refusalOf(state, spare, { kind: 'add-node', node: nodeOf(shed, 'shed') })).toBe('ok');
  });

  it('LOG-18: is elder than every device, and no device ends it', async () => {
    const thiefs = await extend(await extend(base, elder, addDevice(spare, 'spare')), elder, revoke(second));
    const state = await merge(thiefs, await extend(base, words(), revoke(elder)));
    expect(standing(state, elder, second, spare)).toEqual([false, true, false]);
    expect(state.recovery?.signKey).toBe(words().key.publicKey);
  });

  it('LOG-18: of concurrent entries about one id the one that it signed stands', async () => {
    const byDevice = await extend(base, second, addDevice(spare, 'by a device'));
    const byWords = await extend(base, words(), addDevice(spare, 'by the words'));
    const state = await merge(byDevice, byWords);
    expect(state.devices.get(spare.id)?.name).toBe('by the words');
    expect(state.clashes).toEqual([]);
  });

  it('LOG-18: signs nothing else', async () => {
    const others: TrustEntry[] = [
      { kind: 'add-node', node: nodeOf(shed, 'shed') },
      { kind: 'core', tlsSpki: sha256Hex(utf8('x')), addresses: addresses, epoch: 2 },
      { kind: 'grant', grantId: testId('g'), to: { deviceId: third.id }, role: 'viewer' },
      { kind: 'rename', what: 'device', id: third.id, name: 'x' },
    ];
    for (const entry of others) expect(await refusalOf(base, words(), entry)).toBe('trust.unknown-signer');
  });

  it('LOG-18: only the present key names the next, and the old one is void from there on', async () => {
    const next: TrustEntry = {
      kind: 'recovery',
      signKey: spare.key.publicKey,
      ageRecipient: spare.sealing.recipient,
    };
    expect(await refusalOf(base, elder, next)).toBe('trust.not-recovery');
    const state = await extend(base, words(), next);
    expect(state.recovery?.signKey).toBe(spare.key.publicKey);
    expect(ownerRecipients(state)).toContain(spare.sealing.recipient);
    expect(ownerRecipients(state)).not.toContain(words().sealing.recipient);
    expect(await refusalOf(state, words(), revoke(elder))).toBe('trust.unknown-signer');
    const old = await sign(base, words(), revoke(elder));
    expect(standing(await merge(state, old), elder)).toEqual([true]);
    expect(standing(await extend(state, spare, revoke(elder)), elder)).toEqual([false]);
    expect(await refusalOf(state, elder, addDevice(words(), 'the old words'))).toBe('trust.duplicate-key');
  });

  it('LOG-18 P1: a thief who lets the next recovery key in as a device, to revoke it, does not end it', async () => {
    const next = await createActor('revocation next words');
    const { publicKey: signKey } = next.key;
    const rotated = await extend(base, fleet.recovery, {
      kind: 'recovery',
      signKey,
      ageRecipient: next.sealing.recipient,
    });
    const beside = await extend(await extend(base, third, addDevice(next, 'x')), third, revoke(next));
    const merged = await merge(rotated, beside);
    const back = await extend(merged, next, addDevice(spare));
    expect([...standing(back, spare), back.voided]).toEqual([true, []]);
    expect(standing(await extend(back, next, revoke(third)), third)).toEqual([false]);
  });

  it('LOG-18: of two next keys at once neither counts', async () => {
    const next = (actor: Actor): TrustEntry => ({
      kind: 'recovery',
      signKey: actor.key.publicKey,
      ageRecipient: actor.sealing.recipient,
    });
    const state = await merge(await extend(base, words(), next(spare)), await extend(base, words(), next(shed)));
    expect(state.recovery).toBeNull();
    expect(state.clashes).toMatchObject([{ what: 'recovery' }]);
  });

  it('LOG-18 P1: of two next keys at once neither gives ground to what it signed on its own branch', async () => {
    const next = (actor: Actor): TrustEntry => ({
      kind: 'recovery',
      signKey: actor.key.publicKey,
      ageRecipient: actor.sealing.recipient,
    });
    const [friend, later] = [await createActor('rival friend'), await createActor('rival later')];
    let ours = await extend(base, words(), next(spare));
    ours = await extend(ours, spare, addDevice(friend, 'by ours'));
    let theirs = await extend(base, words(), next(shed));
    theirs = await extend(theirs, shed, revoke(elder));
    theirs = await extend(theirs, shed, next(later));
    theirs = await extend(theirs, later, revoke(second));
    expect(standing(theirs, elder, second)).toEqual([false, false]);
    const both = await merge(ours, theirs);
    expect(standing(both, elder, second, third, friend)).toEqual([true, true, true, false]);
    expect([both.recovery, both.voided.length]).toEqual([null, 4]);
    const backwards = unwrap(await applyTrustEntries(createTrustState(), both.entries.toReversed())).state;
    expect([backwards.voided, backwards.head]).toEqual([both.voided, both.head]);
    // The very same key named twice is one word: it is the next key, and counts.
    const twice = await merge(ours, await sign(base, words(), { ...next(spare), note: undefined } as TrustEntry));
    expect(standing(twice, friend)).toEqual([true]);
  });

  it('LOG-18 P1: words that were replaced name no other next ones, on a place before them neither', async () => {
    const next = (actor: Actor): TrustEntry => ({
      kind: 'recovery',
      signKey: actor.key.publicKey,
      ageRecipient: actor.sealing.recipient,
    });
    const renewed = await extend(base, words(), next(spare));
    let found = await extend(base, words(), next(shed));
    found = await extend(found, shed, revoke(elder));
    const taken = await applyTrustEntries(renewed, found.entries);
    expect(codeOf(taken)).toBe('trust.not-recovery');
    const again = await extend(renewed, spare, revoke(third));
    expect(codeOf(await applyTrustEntries(again, found.entries))).toBe('trust.not-recovery');
    expect(standing(again, elder, third)).toEqual([true, false]);
  });
});

describe('LOG-19: the cut-off', () => {
  const [doc, writer, appId] = [`app:${testId('app')}`, testId('writer'), testId('app')];
  const hash = (name: string) => sha256Hex(utf8(name));
  const cutoff = (seq: number): Cutoff => ({
    rows: [{ doc, writer, seq, hash: hash(`row ${seq}`) }],
    releases: [{ appId, node: testId('node'), number: seq, header: hash(`header ${seq}`) }],
    audit: { seq: 9, hash: hash('audit') },
  });
  const row = (seq: number, name = `row ${seq}`) => ({ doc, writer, seq, hash: hash(name) });

  it('LOG-19: what it names and what lies below stands, all else is void', () => {
    const list = [cutoff(3)];
    expect([1, 3, 4].map((seq) => doesRowStand(list, row(seq)))).toEqual([true, true, false]);
    expect(doesRowStand(list, row(3, 'another row 3'))).toBe(false);
    expect(doesRowStand(list, { ...row(1), doc: 'fleet' })).toBe(false);
    expect(doesRowStand(list, { ...row(1), writer: testId('other') })).toBe(false);
    expect(doesRowStand([], row(1))).toBe(false);
    const release = (number: number, name = `header ${number}`) =>
      doesReleaseStand(list, { appId, node: testId('node'), number, header: hash(name) });
    expect([release(2), release(3), release(3, 'another'), release(4)]).toEqual([true, true, false, false]);
    expect(doesReleaseStand(list, { appId, node: testId('x'), number: 1, header: hash('x') })).toBe(false);
  });

  it('LOG-19: a later one replaces it, one that names it stands beside it, and of concurrent ones both count', async () => {
    const seqs = (state: TrustState) =>
      state.revokedDevices
        .get(third.id)
        ?.cutoffs.map(({ rows }) => rows[0]?.seq)
        .sort();
    const first = await extend(base, elder, revoke(third, { cutoff: cutoff(5) }));
    expect(seqs(first)).toEqual([5]);
    const stricter = await extend(first, second, revoke(third, { cutoff: cutoff(2) }));
    expect(seqs(stricter)).toEqual([2]);
    const besides = [...(first.revokedDevices.get(third.id)?.by ?? [])];
    expect(seqs(await extend(first, elder, revoke(third, { cutoff: cutoff(7), besides })))).toEqual([5, 7]);
    const beside = await extend(base, second, revoke(third, { cutoff: cutoff(6) }));
    expect(seqs(await merge(first, beside))).toEqual([5, 6]);
  });

  it('LOG-19: one of a thousand rows and releases does not fit one entry, and comes in parts', async () => {
    const many = Array.from({ length: 1_000 }, (_, i) => ({ ...cutoff(3).rows[0], seq: i + 1 }));
    await expect(
      sign(base, elder, revoke(third, { cutoff: { ...cutoff(3), rows: many } as Cutoff })),
    ).rejects.toThrow();
  });
});

describe('LOG-12: a browser that claimed the fleet', () => {
  it('LOG-12 P1: is not owner again when the last desktop or CLI is revoked', async () => {
    const web = await createTestFleet('revocation web', 'browser');
    const firm = await extend(web.state, web.owner, addDevice(second, 'laptop'));
    const state = await extend(firm, second, revoke(second));
    expect(isProvisionalFleet(state)).toBe(false);
    expect(isOwnerDevice(state, web.owner.id)).toBe(false);
    expect(await refusalOf(state, web.owner, addDevice(spare))).toBe('trust.not-owner');
    const back = await extend(state, web.recovery, addDevice(spare, 'new laptop'));
    expect(isOwnerDevice(back, spare.id)).toBe(true);
  });
});

describe('LOG-22: names', () => {
  it('LOG-22: a device, a person and a node get another name; of two at once none counts', async () => {
    const rename = (what: 'device' | 'person' | 'node', id: string, name: string): TrustEntry => ({
      kind: 'rename',
      what,
      id,
      name,
    });
    let state = await extend(base, elder, rename('device', third.id, 'phone'));
    state = await extend(state, elder, rename('person', ann, 'Anna'));
    state = await extend(state, elder, rename('node', fleet.node.id, 'loft'));
    expect(state.devices.get(third.id)?.name).toBe('phone');
    expect([state.persons.get(ann)?.name, state.nodes.get(fleet.node.id)?.name]).toEqual(['Anna', 'loft']);
    const both = await merge(
      await extend(base, elder, rename('device', third.id, 'left')),
      await extend(base, second, rename('device', third.id, 'right')),
    );
    expect(both.devices.get(third.id)?.name).toBe('third');
    expect(both.clashes).toMatchObject([{ what: 'name' }]);
    expect(await refusalOf(base, elder, rename('node', spare.id, 'x'))).toBe('trust.unknown-id');
  });
});

describe('LOG-23: nodes', () => {
  it('LOG-23: a revoked node is none, and neither its keys nor its TLS key come in again', async () => {
    const state = await extend(base, elder, { kind: 'revoke-node', nodeId: fleet.node.id });
    expect([state.nodes.size, state.revokedNodes.has(fleet.node.id)]).toEqual([0, true]);
    expect(trustKeys(state, 'node')(fleet.node.id)).toBeUndefined();
    expect(everyTrustKey(state, 'node')(fleet.node.id)).toBe(fleet.node.key.publicKey);
    const again = nodeOf(fleet.node, 'attic');
    expect(await refusalOf(state, elder, { kind: 'add-node', node: again })).toBe('trust.duplicate-key');
    const otherTls = { ...again, tlsSpki: sha256Hex(utf8('other')) };
    expect(await refusalOf(state, elder, { kind: 'add-node', node: otherTls })).toBe('trust.revoked');
    const sameTls = { ...nodeOf(shed, 'shed'), tlsSpki: again.tlsSpki };
    expect(await refusalOf(state, elder, { kind: 'add-node', node: sameTls })).toBe('trust.duplicate-key');
    expect(await refusalOf(state, elder, { kind: 'revoke-node', nodeId: fleet.node.id })).toBe('trust.unknown-id');
  });
});

it('LOG-25: a key that forks the log into many heads does not keep its owner from ending it', async () => {
  const forks: Envelope[] = [];
  for (let i = 0; i < 70; i++)
    forks.push(
      await sign(base, third, { kind: 'add-person', personId: testId(`fork ${i}`), name: `fork ${i}`, role: 'viewer' }),
    );
  const forked = unwrap(await applyTrustEntries(base, forks)).state;
  expect(forked.heads).toHaveLength(70);
  const ended = await extend(forked, elder, revoke(third));
  expect(standing(ended, third)).toEqual([false]);
  const calm = await extend(ended, elder, { kind: 'add-node', node: nodeOf(shed, 'shed') });
  expect([calm.nodes.has(shed.id), calm.persons.size]).toEqual([true, 65]);
});

describe('LOG-25: a flood of heads', () => {
  const flood = (state: TrustState, by: Actor, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        sign(state, by, { kind: 'rename', what: 'device', id: third.id, name: `flood ${i}` }),
      ),
    );

  it('LOG-25 LOG-16: keeps nobody from revoking who made it, and takes no other entry along', async () => {
    const honest = await extend(base, second, addDevice(spare));
    const flooded = await merge(honest, ...(await flood(base, third, 100)));
    expect(flooded.heads.length).toBe(101);
    const ended = await extend(flooded, elder, revoke(third));
    expect(standing(ended, elder, second, third, spare)).toEqual([true, true, false, true]);
    // Second's entry lies below: its later revocation leaves it.
    const after = await extend(ended, elder, revoke(second));
    expect(standing(after, second, spare)).toEqual([false, true]);
  });

  it('LOG-25 LOG-18: of a key that was revoked keeps neither owners nor recovery from signing', async () => {
    const ended = await extend(base, elder, revoke(third));
    const flooded = await merge(ended, ...(await flood(base, third, 200)));
    expect(flooded.voided).toHaveLength(200);
    const byElder = await extend(flooded, elder, addDevice(spare));
    expect(standing(byElder, spare)).toEqual([true]);
    expect(standing(await extend(byElder, fleet.recovery, revoke(second)), second)).toEqual([false]);
  });
});

describe('LOG-27: a revocation that counts nothing', () => {
  it('LOG-27 P1: is named where a core kept it back until its signer was retired', async () => {
    // Second ends a stolen third; the core shows it to nobody. Elder, who does not know of it, retires second.
    const hidden = await sign(base, second, revoke(third));
    const retired = await extend(base, elder, revoke(second));
    expect(voidRevocations(retired, retired.graph)).toEqual([]);
    const shown = unwrap(await applyTrustEntries(retired, [hidden])).state;
    expect(standing(shown, second, third)).toEqual([false, true]);
    const [found, ...more] = newVoidRevocations(retired, shown);
    expect(found).toMatchObject({ what: 'device', id: third.id, name: 'third', by: second.id });
    expect(more).toEqual([]);
    // Said once, and no more once somebody has done it again.
    expect(newVoidRevocations(shown, await extend(shown, elder, addDevice(spare)))).toEqual([]);
    const again = await extend(shown, elder, revoke(third));
    expect(voidRevocations(again, again.graph)).toEqual([]);
  });

  it('LOG-27: of a node and of a person is named too', async () => {
    const bob = testId('bob');
    const withBob = await extend(base, elder, { kind: 'add-person', personId: bob, name: 'Bob', role: 'viewer' });
    const ended = await extend(withBob, elder, revoke(second));
    const both = await merge(
      ended,
      await sign(withBob, second, { kind: 'revoke-node', nodeId: fleet.node.id }),
      await sign(withBob, second, { kind: 'revoke-person', personId: bob, cutoff: emptyCutoff }),
    );
    const named = voidRevocations(both, both.graph).map(({ what, id }) => `${what} ${id}`);
    expect(named.toSorted()).toEqual([`node ${fleet.node.id}`, `person ${bob}`].toSorted());
  });
});

describe('LOG-28: a log that somebody fills', () => {
  const taken = (result: Awaited<ReturnType<typeof applyTrustEntries>>) => {
    const { state, applied } = unwrap(result);
    return codeOf(decideLogRoom(state, applied));
  };
  const flood = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        sign(base, third, { kind: 'rename', what: 'device', id: third.id, name: `flood ${i}` }),
      ),
    );

  it('LOG-28: takes revocations and the words still, and has room again once the flood is void', async () => {
    const entries = await flood(MAX_COUNTING);
    expect(taken(await applyTrustEntries(base, entries.slice(0, MAX_COUNTING - base.graph.size)))).toBe('ok');
    const first = await applyTrustEntries(base, entries);
    expect(taken(first)).toBe('trust.log-full');
    const full = unwrap(first).state;
    expect(taken(await applyTrustEntries(full, [await sign(full, elder, addDevice(spare))]))).toBe('trust.log-full');
    expect(taken(await applyTrustEntries(full, [await sign(full, fleet.recovery, addDevice(spare))]))).toBe('ok');
    // Beside what it signed, so that all of it is void.
    const beside = await sign(stateBeside(full, entries.map(itemHash)), elder, revoke(third));
    const ended = await applyTrustEntries(full, [beside]);
    expect(taken(ended)).toBe('ok');
    const calm = unwrap(ended).state;
    expect(calm.voided).toHaveLength(entries.length);
    expect(taken(await applyTrustEntries(calm, [await sign(calm, elder, addDevice(spare))]))).toBe('ok');
  });

  it('LOG-28: of the greatest length takes what the recovery key signs alone', async () => {
    const ended = await extend(base, elder, revoke(third));
    const full = await merge(ended, ...(await flood(MAX_ENTRIES)));
    expect(full.voided).toHaveLength(MAX_ENTRIES);
    const ending = (by: Actor) => sign(full, by, revoke(second));
    expect(taken(await applyTrustEntries(full, [await ending(elder)]))).toBe('trust.log-full');
    expect(taken(await applyTrustEntries(full, [await ending(fleet.recovery)]))).toBe('ok');
  });
});

it('LOG-2: a log with revocations reads the same backwards', async () => {
  const state = await merge(
    await extend(base, elder, revoke(second)),
    await extend(base, second, revoke(elder)),
    await extend(await addPerson(base, third, spare, 'owner'), spare, revoke(third)),
  );
  const again = unwrap(await applyTrustEntries(createTrustState(), state.entries.toReversed())).state;
  expect([[...again.devices.keys()].sort(), again.voided, again.head]).toEqual([
    [...state.devices.keys()].sort(),
    state.voided,
    state.head,
  ]);
});
