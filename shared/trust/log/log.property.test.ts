import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import { applyTrustEntries, createTrustState, type Envelope, type TrustEntry, type TrustState } from '../index.ts';
import {
  type Actor,
  addPerson,
  addresses,
  createActor,
  createTestFleet,
  deviceOf,
  nodeOf,
  sign,
  testId,
} from '../testing/test-fleet.ts';

let owners: Actor[];
let pool: Actor[];
let base: TrustState;

beforeAll(async () => {
  const fleet = await createTestFleet('property');
  const others = await Promise.all(['b', 'c'].map((name) => createActor(`property ${name}`)));
  base = fleet.state;
  for (const other of others) base = await addPerson(base, fleet.owner, other, 'owner');
  owners = [fleet.owner, ...others];
  pool = await Promise.all(Array.from({ length: 6 }, (_, i) => createActor(`pool ${i}`)));
});

type Step =
  | { readonly do: 'sign'; readonly by: number; readonly what: number; readonly which: number; readonly word: string }
  | { readonly do: 'sync'; readonly from: number; readonly to: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('sign' as const),
      by: fc.nat(2),
      what: fc.nat(3),
      which: fc.nat(5),
      word: fc.constantFrom('x', 'y'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sync' as const), from: fc.nat(2), to: fc.nat(2) }) },
);

function entryOf(state: TrustState, { what, which, word }: Extract<Step, { do: 'sign' }>): TrustEntry {
  const actor = pool[which] ?? (pool[0] as Actor);
  if (what === 0) return { kind: 'add-person', personId: testId(`p${which}`), name: word, role: 'operator' };
  if (what === 1) return { kind: 'add-node', node: nodeOf(actor, `node ${word}`) };
  if (what === 2) return { kind: 'add-device', device: deviceOf(actor, `device ${word}`), personId: testId('ann') };
  return { kind: 'core', tlsSpki: sha256Hex(utf8(`core ${word}`)), addresses, epoch: state.highestEpoch + 1 };
}

/** Everything but the graph, whose order of insertion is how the entries came. */
function content(state: TrustState): unknown {
  const { graph, persons, devices, nodes, clashes, ...rest } = state;
  const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...rest,
    size: graph.size,
    persons: sorted(persons),
    devices: sorted(devices),
    nodes: sorted(nodes),
    clashes,
  };
}

it('LOG-2 LOG-6: every order and every division of a forked log gives the same state', async () => {
  let clashes = 0;
  let forks = 0;
  const shuffled = fc
    .tuple(fc.array(step, { minLength: 2, maxLength: 14 }), fc.infiniteStream(fc.nat()))
    .map(([steps, chance]) => ({ steps, chance }));
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ steps, chance }) => {
      // Three owners sign on what they know and hear from each other now and then.
      const replicas = [base, base, base];
      const made = new Map<string, Envelope>(base.entries.map((envelope) => [envelope.payload, envelope]));
      for (const one of steps) {
        if (one.do === 'sync') {
          const merged = await applyTrustEntries(replicas[one.to] ?? base, replicas[one.from]?.entries ?? []);
          // What two owners each did rightly must fit together whatever they did.
          replicas[one.to] = unwrap(merged).state;
          continue;
        }
        const state = replicas[one.by] ?? base;
        const envelope = await sign(state, owners[one.by] as Actor, entryOf(state, one));
        const applied = await applyTrustEntries(state, [envelope]);
        if (!applied.ok) {
          expect(['trust.duplicate-id', 'trust.duplicate-key']).toContain(applied.error.code);
          continue;
        }
        replicas[one.by] = applied.value.state;
        made.set(envelope.payload, envelope);
      }
      const reference = unwrap(await applyTrustEntries(createTrustState(), [...made.values()])).state;
      expect(reference.pending).toEqual([]);
      clashes += reference.clashes.length + (reference.core ? 0 : 1);
      forks += reference.heads.length > 1 ? 1 : 0;

      for (let round = 0; round < 3; round++) {
        const order = [...made.values()]
          .map((envelope) => ({ envelope, rank: chance.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map((item) => item.envelope);
        let state = createTrustState(reference.fleet);
        while (order.length > 0) {
          const part = order.splice(0, 1 + (chance.next().value % order.length));
          state = unwrap(await applyTrustEntries(state, part)).state;
        }
        expect(content(state)).toEqual(content(reference));
      }
    }),
    { numRuns: 25 },
  );
  // The generator must reach what the rule is about.
  expect(clashes).toBeGreaterThan(0);
  expect(forks).toBeGreaterThan(0);
}, 60_000);
