import { expect, test } from 'vitest';
import { err, fault, ok, unwrap } from '#shared/kernel/index.ts';
import { createFleetOfDevices } from '#shared/testing/fleet-of-devices.ts';
import { createMemoryDeviceStore } from '#shared/testing/memory-device-store.ts';
import { createCoreAuditEntry } from '#shared/trust/index.ts';
import type { CoreClient } from '../connection/core-client.ts';
import { listAlarms, settleAlarms } from '../holding/alarms.ts';
import { compareHeads, MAX_SPAN } from './compare-heads.ts';
import { createForeignHeads } from './foreign-heads.ts';

interface Entry {
  readonly bytes: string;
  readonly hash: string;
}

/** A record of `count` entries that goes on from `before`; `what` makes its entries other ones. */
function record(count: number, before: readonly Entry[] = [], what = 'x'): Entry[] {
  const entries = [...before];
  while (entries.length < before.length + count)
    entries.push(
      createCoreAuditEntry({
        v: 1,
        fleet: 'f'.repeat(64),
        seq: entries.length + 1,
        prev: entries.at(-1)?.hash ?? null,
        at: '2026-01-01T00:00:00.000Z',
        actor: { kind: 'core', id: 'core' },
        action: 'job.done',
        subject: { what },
        envelope: null,
        outcome: 'accepted',
        fault: null,
      }),
    );
  return entries;
}

/** What a core shows of a record, as `traceAudit` does. */
function shown(entries: readonly Entry[]) {
  let asked = 0;
  const client: Pick<CoreClient, 'call'> = {
    async call(_id, { params, query } = {}) {
      asked++;
      const first = entries.findIndex(({ hash }) => hash === params?.hash);
      const page = first < 0 ? [] : entries.slice(first, first + Number(query?.limit));
      return ok({ entries: page.map(({ bytes }) => bytes) }) as never;
    },
  };
  return { client, own: entries.at(-1)?.hash ?? null, asked: () => asked };
}

async function createWitness() {
  const { trust, clock, devices } = await createFleetOfDevices(2);
  const other = devices[1]?.signer.keyId ?? '';
  const store = createMemoryDeviceStore();
  const compare = (view: ReturnType<typeof shown>, ...hashes: (string | undefined)[]) =>
    compareHeads(
      { clock, trust, store, client: view.client, own: view.own },
      hashes.map((hash = '') => ({ by: other, hash })),
    );
  return { compare, store, alarms: () => listAlarms(store), other };
}

const at = (entries: readonly Entry[], seq: number): string => entries[seq - 1]?.hash ?? '';

test('AUD-8: heads on one chain raise nothing, whichever is the newer, and the next comparing goes on from there', async () => {
  const { compare, store, alarms } = await createWitness();
  const chain = record(450);
  expect(unwrap(await compare(shown(chain), at(chain, 3), at(chain, 440), at(chain, 450)))).toEqual([]);
  expect(await store.memo('core-chain')).toBe(JSON.stringify({ seq: 450, hash: at(chain, 450) }));
  const longer = shown(record(2, chain));
  expect(unwrap(await compare(longer, at(chain, 450), at(chain, 200)))).toEqual([]);
  expect(await alarms()).toEqual([]);
  expect(await store.witnesses()).toContainEqual({ chain: 'core', head: longer.own });
});

test('P8 AUD-8: two records that part are an alarm on both sides, and each names the other', async () => {
  const [here, there] = [await createWitness(), await createWitness()];
  const common = record(10);
  const [one, two] = [record(5, common, 'one'), record(8, common, 'two')];
  for (const [side, own, foreign] of [
    [here, one, two],
    [there, two, one],
  ] as const) {
    unwrap(await side.compare(shown(own), at(common, 9)));
    const [alarm, ...more] = unwrap(await side.compare(shown(own), at(foreign, 12)));
    expect(more).toEqual([]);
    expect(alarm).toMatchObject({ code: 'audit.other-record', detail: { by: side.other } });
    expect(alarm?.message).toContain('device 2');
    // Kept until a person has looked; the same thing is told once.
    expect(unwrap(await side.compare(shown(own), at(foreign, 13)))).toEqual([]);
    expect(await side.alarms()).toHaveLength(1);
  }
});

test('P8 AUD-8: a record that was cut short or written anew is an alarm about what this device itself saw', async () => {
  for (const now of [record(6), record(20, [], 'anew')]) {
    const { compare, alarms, store } = await createWitness();
    const before = record(12);
    unwrap(await compare(shown(before), at(before, 4)));
    const raised = unwrap(await compare(shown(now), at(now, 5)));
    expect(raised.map(({ message }) => message)).toEqual([expect.stringContaining('what this device saw')]);
    expect(await alarms()).toHaveLength(1);
    // Somebody has looked: what the core shows from here on is what is compared.
    await settleAlarms(store);
    expect(unwrap(await compare(shown(now), at(now, 6)))).toEqual([]);
    expect(await alarms()).toEqual([]);
  }
});

test('P8 AUD-8: a core that shows an entry but not the way to it is believed in nothing', async () => {
  const { compare } = await createWitness();
  const common = record(10);
  const [own, other] = [record(30, common, 'own'), record(30, common, 'other')];
  const honest = shown(own);
  // It shows the single entry that is asked for, of either record.
  const both: Pick<CoreClient, 'call'> = {
    call: async (id, input) =>
      own.some(({ hash }) => hash === input?.params?.hash)
        ? honest.client.call(id, input)
        : shown(other).client.call(id, input),
  };
  const raised = unwrap(await compare({ ...honest, client: both }, at(own, 20), at(other, 25)));
  expect(raised).toMatchObject([{ code: 'audit.other-record' }]);
});

test('P8 AUD-8: a core that refuses to show it is an alarm, one that is away is asked later', async () => {
  const { compare, alarms } = await createWitness();
  const chain = record(5);
  const refusing = (kind: 'denied' | 'transient'): Pick<CoreClient, 'call'> => ({
    call: async () => err(fault('core.bug', kind, 'no', 'no')),
  });
  const away = await compare({ ...shown(chain), client: refusing('transient') }, at(chain, 2));
  expect(away).toMatchObject({ ok: false, error: { kind: 'transient' } });
  expect(await alarms()).toEqual([]);
  const refused = unwrap(await compare({ ...shown(chain), own: null, client: refusing('denied') }, at(chain, 2)));
  expect(refused).toMatchObject([{ code: 'audit.other-record' }]);
});

test('AUD-8: heads that are far apart are not read through', async () => {
  const { compare, alarms } = await createWitness();
  const chain = record(MAX_SPAN + 400);
  const view = shown(chain);
  expect(unwrap(await compare(view, at(chain, 2), at(chain, MAX_SPAN + 300)))).toEqual([]);
  expect(await alarms()).toEqual([]);
  expect(view.asked()).toBeLessThan(8);
});

test('AUD-8: of each signer its newest heads wait, own ones never, and what was compared is not asked for again', () => {
  const heads = createForeignHeads('me');
  for (const auditHead of ['1', '2', '3', '4', '5', '5', null]) heads.note({ signer: 'other', auditHead });
  heads.note({ signer: 'me', auditHead: '6' });
  const taken = heads.take();
  expect(taken.map(({ hash }) => hash)).toEqual(['2', '3', '4', '5']);
  heads.note({ signer: 'other', auditHead: '4' });
  expect(heads.take()).toEqual([]);
  heads.putBack(taken);
  expect(heads.take()).toEqual(taken);
});
