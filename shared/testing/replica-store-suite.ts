import { describe, expect, it } from 'vitest';
import { fault, randomId, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createDocument, openRow, type ReplicaStore, type StoredRow, signRow } from '#shared/replica/index.ts';
import { createFleetOfDevices } from './fleet-of-devices.ts';

/** What every ReplicaStore must keep to. `open` gives a store on the same place each time it is called in one test. */
export function replicaStoreSuite(
  name: string,
  setUp: () => Promise<{ open: () => Promise<ReplicaStore>; tearDown: () => Promise<void> }>,
): void {
  describe(`ReplicaStore: ${name}`, () => {
    it('P5: gives back what was appended, in order, after it was opened again', async () => {
      const { open, tearDown } = await setUp();
      const rows = await makeRows(3);
      const store = await open();
      await store.append(rows.slice(0, 2));
      await store.append(rows.slice(2));
      expect(await (await open()).loadRows()).toEqual(rows);
      await tearDown();
    });

    it('P5: an append of which one row is held already changes nothing and says so', async () => {
      const { open, tearDown } = await setUp();
      const rows = await makeRows(3);
      const store = await open();
      await store.append(rows.slice(0, 1));
      await expect(store.append([...rows.slice(1), ...rows.slice(0, 1)])).rejects.toThrow();
      expect((await store.loadRows()).map((row) => row.hash)).toEqual(rows.slice(0, 1).map((row) => row.hash));
      await tearDown();
    });

    it('remembers which rows the core has acknowledged', async () => {
      const { open, tearDown } = await setUp();
      const rows = await makeRows(3);
      const store = await open();
      await store.append(rows);
      await store.markAcked(rows.slice(0, 2).map((row) => row.hash));
      expect((await (await open()).loadRows()).map((row) => row.unacked)).toEqual([false, false, true]);
      await tearDown();
    });

    it('P2: keeps what was put aside with its reason, until the core has it after all', async () => {
      const { open, tearDown } = await setUp();
      const rows = await makeRows(3);
      const [first, second, third] = rows.map(({ hash }) => hash) as [string, string, string];
      const store = await open();
      await store.append(rows);
      const why = fault('row.document-full', 'permanent', 'too large', 'Remove something.', { field: 'update' });
      await store.setAside([second, third], { fault: why, state: 'kept' });
      const kept = await (await open()).loadRows();
      expect(kept.map(({ hash }) => hash)).toEqual([first, second, third]);
      expect(kept.map(({ unacked }) => unacked)).toEqual([true, false, false]);
      expect(kept.map(({ aside }) => aside)).toEqual([
        null,
        { fault: why, state: 'kept' },
        { fault: why, state: 'kept' },
      ]);
      await store.setAside([third], { fault: why, state: 'discarded' });
      await store.markAcked([second]);
      const after = await (await open()).loadRows();
      expect(after.map(({ aside }) => aside?.state ?? null)).toEqual([null, null, 'discarded']);
      await tearDown();
    });

    it('an empty store has no rows', async () => {
      const { open, tearDown } = await setUp();
      expect(await (await open()).loadRows()).toEqual([]);
      await tearDown();
    });
  });
}

async function makeRows(count: number): Promise<StoredRow[]> {
  const { trust, devices, clock } = await createFleetOfDevices(1);
  const [device] = devices;
  if (!device) throw new Error('no device');
  const writer = randomId(systemRandom);
  const document = createDocument();
  const rows: StoredRow[] = [];
  for (let seq = 1; seq <= count; seq++) {
    const update = document.edit(7, { author: device.signer.keyId, clock, random: systemRandom }, (editor) =>
      editor.set('name', `app-${seq}`),
    );
    const about = { fleet: trust.fleet, trustHead: trust.head, auditHead: null, doc: 'fleet', writer, seq };
    const envelope = await signRow(
      { ...about, prevHash: rows.at(-1)?.hash ?? null, update: update ?? new Uint8Array() },
      device.signer,
    );
    const { hash } = unwrap(await openRow(envelope, trust));
    rows.push({ envelope, hash, doc: 'fleet', writer, seq, unacked: true, aside: null });
  }
  return rows;
}
