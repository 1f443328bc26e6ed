import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createTrustState,
  type Envelope,
  emptyCutoff,
  itemHash,
  type TrustEntry,
  type TrustState,
} from '../index.ts';
import {
  type Actor,
  addresses,
  createActor,
  createTestFleet,
  deviceOf,
  nodeOf,
  sign,
  testId,
} from '../testing/test-fleet.ts';

const ann = testId('ann');
const RUNS = 60;

/** Owners by age: each was let in by the one before. The last ones are let in during a run. */
let owners: Actor[];
let recovery: Actor;
let base: TrustState;

const addDevice = (device: Actor): TrustEntry => ({
  kind: 'add-device',
  device: deviceOf(device, device.id.slice(0, 8)),
  personId: ann,
});
const revoke = (device: Actor): TrustEntry => ({ kind: 'revoke-device', deviceId: device.id, cutoff: emptyCutoff });

beforeAll(async () => {
  const fleet = await createTestFleet('forks');
  const others = await Promise.all([1, 2, 3, 4, 5].map((i) => createActor(`forks ${i}`)));
  owners = [fleet.owner, ...others];
  recovery = fleet.recovery;
  base = fleet.state;
  for (const [i, device] of others.slice(0, 2).entries())
    base = await applied(base, await sign(base, owners[i] as Actor, addDevice(device)));
});

async function applied(state: TrustState, ...envelopes: Envelope[]): Promise<TrustState> {
  return unwrap(await applyTrustEntries(state, envelopes)).state;
}

/** What one actor does: signs this on what it knows, or on what was known `back` entries ago. */
interface Deed {
  readonly what: number;
  readonly whom: number;
  readonly back: number;
  /** Which of the actor's keys signs. */
  readonly key: number;
}
const deed: fc.Arbitrary<Deed> = fc.record({ what: fc.nat(5), whom: fc.nat(5), back: fc.nat(6), key: fc.nat(3) });

function entryOf(state: TrustState, { what, whom }: Deed): TrustEntry {
  const actor = owners[whom] as Actor;
  if (what === 0) return revoke(actor);
  if (what === 1) return addDevice(actor);
  if (what === 2) return { kind: 'add-node', node: nodeOf(actor, `node ${whom}`) };
  if (what === 3) return { kind: 'core', tlsSpki: testIdHash(whom), addresses, epoch: state.highestEpoch + 1 };
  if (what === 4) return { kind: 'threshold', owners: 1 + (whom % 3) };
  return { kind: 'revoke-person', personId: ann, cutoff: emptyCutoff };
}
const testIdHash = (whom: number) => itemHash(base.entries[0] as Envelope).replace(/.$/, String(whom));

/** The log as it was `back` entries ago: any earlier place is one that a thief may sign on. */
async function earlier(state: TrustState, back: number): Promise<TrustState> {
  const kept = state.entries.slice(0, Math.max(base.entries.length, state.entries.length - back));
  return applied(createTrustState(), ...kept);
}

/** Signs, and gives what the log is with it; undefined when the signer could not sign that there. */
async function act(
  state: TrustState,
  by: Actor,
  one: Deed,
): Promise<{ state: TrustState; made: Envelope } | undefined> {
  const on = await earlier(state, one.back);
  const made = await sign(on, by, entryOf(on, one));
  const result = await applyTrustEntries(state, [made]);
  return result.ok ? { state: result.value.state, made } : undefined;
}

/** Everything but the order of insertion. */
function content(state: TrustState): unknown {
  const { graph, persons, devices, nodes, revokedPersons, revokedDevices, revokedNodes, grants, ...rest } = state;
  const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const maps = [persons, devices, nodes, revokedPersons, revokedDevices, revokedNodes, grants].map(sorted);
  const namedKeys = [rest.namedKeys.device, rest.namedKeys.node].map(sorted);
  return { ...rest, namedKeys, recoveryKeys: [...rest.recoveryKeys].sort(), size: graph.size, maps };
}

type Step =
  | ({ readonly do: 'deed'; readonly at: number; readonly by: number } & Deed)
  | { readonly do: 'heal'; readonly from: number; readonly to: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('deed' as const),
      at: fc.nat(2),
      by: fc.nat(6),
      what: fc.nat(5),
      whom: fc.nat(5),
      back: fc.nat(6),
      key: fc.constant(0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('heal' as const), from: fc.nat(2), to: fc.nat(2) }) },
);

it('LOG-2 LOG-16 LOG-17: after any partition, theft and healing every replica has one state', async () => {
  const seen = { voided: 0, forks: 0, revoked: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 14 }),
      fc.infiniteStream(fc.nat()),
      async (steps, chance) => {
        const partitions = [base, base, base];
        const made = new Map(base.entries.map((envelope) => [itemHash(envelope), envelope]));
        for (const one of steps) {
          if (one.do === 'heal') {
            partitions[one.to] = await applied(
              partitions[one.to] as TrustState,
              ...(partitions[one.from] as TrustState).entries,
            );
            continue;
          }
          const by = one.by === 6 ? recovery : (owners[one.by] as Actor);
          const done = await act(partitions[one.at] as TrustState, by, one);
          if (!done) continue;
          partitions[one.at] = done.state;
          made.set(itemHash(done.made), done.made);
        }
        const whole = await applied(createTrustState(), ...made.values());
        expect(whole.pending).toEqual([]);
        seen.voided += whole.voided.length;
        seen.revoked += whole.revokedDevices.size;
        seen.forks += whole.heads.length > 1 ? 1 : 0;
        const wanted = content(whole);
        for (let round = 0; round < 2; round++) {
          const order = [...made.values()]
            .map((envelope) => ({ envelope, rank: chance.next().value }))
            .sort((a, b) => a.rank - b.rank);
          let state = createTrustState(whole.fleet);
          while (order.length > 0) {
            const part = order.splice(0, 1 + (chance.next().value % order.length));
            state = await applied(state, ...part.map((item) => item.envelope));
          }
          expect(content(state)).toEqual(wanted);
        }
        for (const partition of partitions) expect(content(await applied(partition, ...made.values()))).toEqual(wanted);
      },
    ),
    { numRuns: RUNS },
  );
  expect(seen.voided).toBeGreaterThan(0);
  expect(seen.revoked).toBeGreaterThan(0);
  expect(seen.forks).toBeGreaterThan(0);
}, 120_000);

/** The thief's keys: the one it stole and all that these let in, wherever they stand. */
async function rob(
  state: TrustState,
  stolen: Actor,
  deeds: readonly Deed[],
): Promise<{ state: TrustState; made: Envelope[] }> {
  const keys = [stolen];
  const made: Envelope[] = [];
  let now = state;
  for (const one of deeds) {
    const by = keys[one.key % keys.length] as Actor;
    const done = await act(now, by, one);
    if (!done) continue;
    now = done.state;
    made.push(done.made);
    const friend = owners[one.whom] as Actor;
    if (one.what === 1 && !keys.includes(friend)) keys.push(friend);
  }
  return { state: now, made };
}

const deeds = fc.array(deed, { minLength: 1, maxLength: 8 });

it('LOG-17: a thief with one key never outranks its elder, whatever it signs before and after', async () => {
  let objections = 0;
  await fc.assert(
    fc.asyncProperty(deeds, deeds, fc.nat(1), async (first, second, which) => {
      // The thief has the second or third key, the elder the one that let it in; the elder knows the log as of `base`.
      const stolen = owners[which + 1] as Actor;
      const elder = owners[which] as Actor;
      const robbed = await rob(base, stolen, first);
      const answer = await sign(base, elder, revoke(stolen));
      let state = await applied(robbed.state, answer);
      objections += state.voided.length;
      const after = await rob(state, stolen, second);
      state = after.state;
      expect(state.devices.has(elder.id)).toBe(true);
      expect(state.devices.has(stolen.id)).toBe(false);
      // Nothing that the thief let in counts, and nothing that it said of cores and nodes.
      expect([...state.devices.keys()].sort()).toEqual(
        owners
          .slice(0, 3)
          .filter((owner) => owner !== stolen)
          .map((owner) => owner.id)
          .sort(),
      );
      expect([state.nodes.size, state.highestEpoch, state.persons.has(ann), state.ownerThreshold]).toEqual([
        1,
        1,
        true,
        1,
      ]);
      const again = await applied(createTrustState(), ...state.entries.toReversed());
      expect(content(again)).toEqual(content(state));
    }),
    { numRuns: RUNS },
  );
  expect(objections).toBeGreaterThan(0);
}, 120_000);

it('LOG-16 LOG-18: a key that an elder or the words revoked never comes back by itself', async () => {
  let tries = 0;
  await fc.assert(
    fc.asyncProperty(deeds, fc.boolean(), async (acts, byWords) => {
      // By the words also the eldest key of all ends for good.
      const stolen = byWords ? (owners[0] as Actor) : (owners[1] as Actor);
      const by = byWords ? recovery : (owners[0] as Actor);
      const ended = await applied(base, await sign(base, by, revoke(stolen)));
      const { state, made } = await rob(ended, stolen, acts);
      tries += made.length;
      expect(state.devices.has(stolen.id)).toBe(false);
      expect([...state.devices.keys()].sort()).toEqual([...ended.devices.keys()].sort());
      expect(state.voided).toEqual([...new Set(made.map(itemHash))].sort());
    }),
    { numRuns: RUNS },
  );
  expect(tries).toBeGreaterThan(0);
}, 120_000);
