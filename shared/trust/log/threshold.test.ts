import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createTrustState,
  type DeviceKind,
  emptyCutoff,
  isOwnerDevice,
  type TrustEntry,
  type TrustState,
} from '../index.ts';
import {
  type Actor,
  createActor,
  createTestFleet,
  deviceOf,
  extend,
  merge,
  nodeOf,
  refusalOf,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';

const ann = testId('ann');
let fleet: TestFleet;
let first: Actor;
let second: Actor;
let third: Actor;
let fresh: Actor;
let shed: Actor;
/** Three owners' devices, no threshold. */
let open: TrustState;
/** The same, and two must agree. */
let two: TrustState;

const add = (actor: Actor, name = 'new', kind: DeviceKind = 'cli', personId = ann): TrustEntry => ({
  kind: 'add-device',
  device: deviceOf(actor, name, kind),
  personId,
});
const ask = (owners: number): TrustEntry => ({ kind: 'threshold', owners });

beforeAll(async () => {
  fleet = await createTestFleet('threshold');
  first = fleet.owner;
  [second, third, fresh, shed] = (await Promise.all(
    ['second', 'third', 'fresh', 'shed'].map((name) => createActor(`threshold ${name}`)),
  )) as [Actor, Actor, Actor, Actor];
  open = await extend(fleet.state, first, add(second, 'second'));
  open = await extend(open, first, add(third, 'third'));
  two = await extend(await extend(open, first, ask(2)), second, ask(2));
});

describe('LOG-24: a threshold', () => {
  it('LOG-24: lets a further owner in once two have signed the same words', async () => {
    const one = await extend(two, first, add(fresh));
    expect([one.devices.has(fresh.id), isOwnerDevice(one, fresh.id), one.ownerThreshold]).toEqual([false, false, 2]);
    expect(one.awaiting).toMatchObject([{ what: 'device', have: 1, need: 2 }]);
    expect(await refusalOf(one, fresh, ask(1))).toBe('trust.unknown-signer');
    const same = await extend(one, first, add(fresh));
    expect(same.devices.has(fresh.id)).toBe(false);
    const both = await extend(one, second, add(fresh));
    expect([isOwnerDevice(both, fresh.id), both.awaiting]).toEqual([true, []]);
    expect(await refusalOf(both, third, add(fresh))).toBe('trust.duplicate-id');
    const apart = await merge(await extend(two, first, add(fresh)), await extend(two, third, add(fresh)));
    expect(isOwnerDevice(apart, fresh.id)).toBe(true);
  });

  it('LOG-24: other words are no second vote, and do not make a clash of the first', async () => {
    const one = await extend(two, first, add(fresh, 'laptop'));
    const other = await extend(one, second, add(fresh, 'another name'));
    expect([other.devices.has(fresh.id), other.clashes, other.awaiting.length]).toEqual([false, [], 2]);
    const settled = await extend(other, third, add(fresh, 'laptop'));
    expect(settled.devices.get(fresh.id)?.name).toBe('laptop');
  });

  it('LOG-24: asks for it with persons who are owners, and not with others', async () => {
    const person = (role: 'owner' | 'viewer'): TrustEntry => ({
      kind: 'add-person',
      personId: testId('bob'),
      name: 'Bob',
      role,
    });
    const bob = await extend(two, first, person('owner'));
    expect(bob.persons.has(testId('bob'))).toBe(false);
    expect((await extend(bob, second, person('owner'))).persons.has(testId('bob'))).toBe(true);
    expect((await extend(two, first, person('viewer'))).persons.has(testId('bob'))).toBe(true);
    expect((await extend(two, first, add(fresh, 'tablet', 'browser'))).devices.has(fresh.id)).toBe(true);
  });

  it('LOG-24 P1: asks for it with the devices of every owner, of each kind that an owner signs with', async () => {
    const [bob, vera] = [testId('bob'), testId('vera')];
    const person = (personId: string, role: 'owner' | 'operator'): TrustEntry => ({
      kind: 'add-person',
      personId,
      name: personId.slice(0, 4),
      role,
    });
    let state = await extend(await extend(two, first, person(bob, 'owner')), second, person(bob, 'owner'));
    state = await extend(state, first, person(vera, 'operator'));
    for (const kind of ['cli', 'desktop'] as const)
      for (const personId of [ann, bob]) {
        const alone = await extend(state, first, add(fresh, 'new', kind, personId));
        expect([alone.devices.has(fresh.id), alone.awaiting[0]?.need], `${kind} of ${personId}`).toEqual([false, 2]);
      }
    for (const kind of ['cli', 'desktop', 'browser', 'automation'] as const)
      expect((await extend(state, first, add(fresh, 'new', kind, vera))).devices.has(fresh.id), kind).toBe(true);
  });

  it('LOG-24 P1: a thief with one key does not get round it by signing beside it', async () => {
    const beside = await extend(open, second, add(fresh));
    expect(isOwnerDevice(beside, fresh.id)).toBe(true);
    const merged = await merge(two, beside);
    expect([isOwnerDevice(merged, fresh.id), merged.awaiting.length]).toEqual([false, 1]);
    // What it signed meanwhile counts no more than itself.
    const acted = await extend(beside, fresh, { kind: 'add-node', node: nodeOf(shed, 'shed') });
    expect((await merge(two, acted)).nodes.has(shed.id)).toBe(false);
    expect((await merge(open, acted)).nodes.has(shed.id)).toBe(true);
  });

  it('LOG-24: is lowered only by as many as it asks for', async () => {
    const one = await extend(two, second, ask(1));
    expect([one.ownerThreshold, one.awaiting[0]?.what]).toEqual([2, 'threshold']);
    expect((await extend(one, second, add(fresh))).devices.has(fresh.id)).toBe(false);
    const lowered = await extend(one, third, ask(1));
    expect(lowered.ownerThreshold).toBe(1);
    expect((await extend(lowered, second, add(fresh))).devices.has(fresh.id)).toBe(true);
  });

  it('LOG-24: of two at once the highest holds', async () => {
    let three = open;
    for (const owner of [first, second, third]) three = await extend(three, owner, ask(3));
    const merged = await merge(two, three);
    expect(merged.ownerThreshold).toBe(3);
    const one = await extend(merged, first, add(fresh));
    const more = await extend(one, second, add(fresh));
    expect([more.devices.has(fresh.id), more.awaiting[0]?.need]).toEqual([false, 3]);
    expect((await extend(more, third, add(fresh))).devices.has(fresh.id)).toBe(true);
  });

  it('LOG-24: the recovery words are enough by themselves', async () => {
    expect(isOwnerDevice(await extend(two, fleet.recovery, add(fresh)), fresh.id)).toBe(true);
    expect((await extend(two, fleet.recovery, ask(1))).ownerThreshold).toBe(1);
  });

  it('LOG-24: is no higher than the fleet has owners, and revoking needs one', async () => {
    expect(await refusalOf(open, first, ask(4))).toBe('trust.too-few-owners');
    const revoked = await extend(two, first, { kind: 'revoke-device', deviceId: third.id, cutoff: emptyCutoff });
    expect(revoked.devices.has(third.id)).toBe(false);
  });

  it('LOG-24 LOG-16: a vote of a key that was revoked counts no more', async () => {
    const one = await extend(two, third, add(fresh));
    const voted = await extend(one, second, add(fresh));
    const ended = await extend(two, first, { kind: 'revoke-device', deviceId: third.id, cutoff: emptyCutoff });
    expect(isOwnerDevice(await merge(voted, ended), fresh.id)).toBe(false);
  });

  it('LOG-24 P1: one key alone sets none, wherever it signs', async () => {
    const before = await extend(fleet.state, first, add(third, 'third'));
    const joined = await extend(before, first, add(second, 'second'));
    const merged = await merge(joined, await extend(before, third, ask(2)));
    expect([merged.ownerThreshold, isOwnerDevice(merged, second.id)]).toEqual([1, true]);
    expect(merged.awaiting).toMatchObject([{ what: 'threshold', have: 1, need: 2 }]);
    expect((await extend(merged, first, ask(2))).ownerThreshold).toBe(2);
  });

  it('LOG-24 P1: keys of one thief that let in each other beside it are no owners', async () => {
    const apart = [await extend(open, third, add(fresh)), await extend(open, third, add(shed, 'shed'))] as const;
    const both = await merge(
      two,
      await extend(apart[0], fresh, add(shed, 'shed')),
      await extend(apart[1], shed, add(fresh)),
    );
    expect([both.devices.has(fresh.id), both.devices.has(shed.id)]).toEqual([false, false]);
  });

  it('LOG-24 P1: a threshold by keys that are not let in takes nothing away', async () => {
    const [honest, node, pawn] = await Promise.all(['honest', 'node', 'pawn'].map((name) => createActor(`24 ${name}`)));
    if (!honest || !node || !pawn) throw new Error('no actors');
    const joined = await extend(await extend(two, first, add(honest)), second, add(honest));
    const worked = await extend(joined, honest, { kind: 'add-node', node: nodeOf(node, 'node') });
    const ended = await extend(worked, honest, { kind: 'revoke-device', deviceId: second.id, cutoff: emptyCutoff });
    let beside = await extend(open, third, add(fresh));
    beside = await extend(beside, third, add(shed, 'shed'));
    beside = await extend(beside, third, add(pawn, 'pawn'));
    for (const one of [third, fresh, shed, pawn, fresh, shed]) beside = await extend(beside, one, ask(6));
    const merged = await merge(ended, beside);
    expect([merged.ownerThreshold, merged.nodes.has(node.id), merged.devices.has(second.id)]).toEqual([2, true, false]);
    expect([fresh, shed, pawn].map(({ id }) => merged.devices.has(id))).toEqual([false, false, false]);
  });

  it('LOG-24 P1: what was said of a number before it changed is no vote for it now', async () => {
    const lowered = await extend(await extend(two, first, ask(1)), second, ask(1));
    const raised = await extend(await extend(lowered, first, ask(2)), second, ask(2));
    expect(raised.ownerThreshold).toBe(2);
    const alone = await extend(raised, third, ask(1));
    expect([alone.ownerThreshold, alone.awaiting[0]?.have]).toEqual([2, 1]);
    expect((await extend(alone, first, ask(1))).ownerThreshold).toBe(1);
  });

  it('LOG-24: many thresholds, one on the other, are read in a time that does not double with each', async () => {
    let long = two;
    for (let i = 0; i < 40; i++) long = await extend(long, i % 2 ? first : second, ask(2));
    expect(long.ownerThreshold).toBe(2);
  }, 20_000);

  it('LOG-24 LOG-2: reads the same backwards', async () => {
    const forked = await merge(
      await extend(await extend(two, first, add(fresh)), second, ask(1)),
      await extend(open, second, ask(3)),
      await extend(two, third, add(fresh)),
    );
    const again = unwrap(await applyTrustEntries(createTrustState(), forked.entries.toReversed())).state;
    expect([again.ownerThreshold, again.awaiting, [...again.devices.keys()].sort()]).toEqual([
      forked.ownerThreshold,
      forked.awaiting,
      [...forked.devices.keys()].sort(),
    ]);
  });
});
