import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime, randomId, unwrap } from '#shared/kernel/index.ts';
import { createSeededRandom } from '#shared/testing/deterministic.ts';
import { createFleetOfDevices, type FleetOfDevices } from '#shared/testing/fleet-of-devices.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import { applyTrustEntries, emptyCutoff, signTrustEntry, type TrustState } from '#shared/trust/index.ts';
import { createReplica, type Replica } from './replica.ts';

const APP = `app:${'a'.repeat(26)}`;
const OWNER = 0;
const THIEF = 1;

type Step =
  | { readonly do: 'set' | 'text'; readonly at: number; readonly value: string }
  | { readonly do: 'send'; readonly from: number; readonly to: number }
  | { readonly do: 'revoke' }
  | { readonly do: 'reopen' }
  | { readonly do: 'learn'; readonly at: number };

const device = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('set' as const, 'text' as const),
      at: device,
      value: fc.string({ minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), from: device, to: device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('learn' as const), at: device }) },
);

interface Kept {
  replica: Replica;
  trust: TrustState;
  readonly store: ReturnType<typeof createMemoryReplicaStore>;
  readonly reopen: () => Promise<void>;
}

let seed = 0;

async function keep(fleet: FleetOfDevices, index: number): Promise<Kept> {
  const { signer } = fleet.devices[index] as FleetOfDevices['devices'][number];
  const random = createSeededRandom(++seed);
  const writer = randomId(random);
  const store = createMemoryReplicaStore();
  const open = async () => {
    const about = { signer, store, writer, random, clock: fleet.clock, auditHead: () => null };
    return unwrap(await createReplica({ ...about, trust: () => kept.trust }));
  };
  const kept: Kept = {
    replica: undefined as never,
    trust: fleet.trust,
    store,
    async reopen() {
      kept.replica = await open();
      await kept.replica.settleVoid();
    },
  };
  await kept.reopen();
  return kept;
}

/** The owner revokes the thief and lets stand what lies in its replica now. */
async function revoke(fleet: FleetOfDevices, owner: Kept): Promise<TrustState> {
  const [by, thief] = fleet.devices;
  if (!by || !thief) throw new Error('two devices are there');
  const rows = owner.replica.lastRowsOf(thief.signer.keyId).map((row) => ({ ...row }));
  const entry = { kind: 'revoke-device', deviceId: thief.signer.keyId, cutoff: { ...emptyCutoff, rows } } as const;
  const signed = await signTrustEntry(owner.trust, entry, by.signer, { at: isoTime(fleet.clock), auditHead: null });
  return unwrap(await applyTrustEntries(owner.trust, [signed])).state;
}

const send = (from: Kept, to: Kept) => to.replica.receive(from.replica.missing(to.replica.heads()));
const learn = async (kept: Kept, trust: TrustState) => {
  kept.trust = trust;
  await kept.replica.settleVoid();
};

it('LOG-19 P2: whoever heard rows and revocation in which order, in the end all hold the same', async () => {
  const seen = { dropped: 0, standing: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 30 }), async (steps) => {
      const fleet = await createFleetOfDevices(3);
      const all = await Promise.all([0, 1, 2].map((index) => keep(fleet, index)));
      const [owner, thief, friend] = all as [Kept, Kept, Kept];
      let latest = fleet.trust;
      for (const one of steps) {
        if (one.do === 'send') await send(all[one.from] as Kept, all[one.to] as Kept);
        else if (one.do === 'learn') await learn(all[one.at] as Kept, latest);
        else if (one.do === 'reopen') await friend.reopen();
        else if (one.do === 'revoke') {
          if (latest.devices.size < 3) continue;
          latest = await revoke(fleet, owner);
          await learn(owner, latest);
          seen.standing += owner.replica.lastRowsOf(fleet.devices[THIEF]?.signer.keyId ?? '').length;
        } else {
          const { replica } = all[one.at] as Kept;
          // A device that knows of its own end writes nothing any more.
          await replica.edit(APP, (editor) =>
            one.do === 'set' ? editor.set('name', one.value) : editor.setText('compose', one.value),
          );
        }
      }
      for (const kept of [owner, friend, thief]) {
        const before = await kept.store.loadRows();
        await learn(kept, latest);
        seen.dropped += before.length - kept.replica.missing({}).length;
      }
      for (let round = 0; round < 3; round++)
        for (const from of [owner, friend, thief])
          for (const to of [owner, friend]) if (from !== to) await send(from, to);
      const fresh = await keep(fleet, OWNER);
      await learn(fresh, latest);
      await send(owner, fresh);
      const wanted = owner.replica.snapshot(APP);
      expect(friend.replica.snapshot(APP)).toEqual(wanted);
      expect(fresh.replica.snapshot(APP)).toEqual(wanted);
      await friend.reopen();
      expect(friend.replica.snapshot(APP)).toEqual(wanted);
    }),
    { numRuns: 60 },
  );
  expect(seen.dropped).toBeGreaterThan(0);
  expect(seen.standing).toBeGreaterThan(0);
}, 120_000);
