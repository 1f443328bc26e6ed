import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fault, randomId, unwrap } from '#shared/kernel/index.ts';
import { createSeededRandom } from '#shared/testing/deterministic.ts';
import { createFleetOfDevices, type FleetOfDevices } from '#shared/testing/fleet-of-devices.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import { replicaStoreSuite } from '#shared/testing/replica-store-suite.ts';
import { itemHash } from '#shared/trust/index.ts';
import { createReplica, type Replica } from './replica.ts';

replicaStoreSuite('memory', async () => {
  const store = createMemoryReplicaStore();
  return { open: async () => store, tearDown: async () => undefined };
});

const APP = `app:${'a'.repeat(26)}`;

async function openReplica(
  fleet: FleetOfDevices,
  device: number,
  seed: number,
  store = createMemoryReplicaStore(),
  start = 0,
): Promise<Replica> {
  const key = fleet.devices[device];
  if (!key) throw new Error('no such device');
  const random = createSeededRandom(seed + start * 100);
  const options = {
    signer: key.signer,
    store,
    trust: () => fleet.trust,
    auditHead: () => null,
    clock: fleet.clock,
    random,
  };
  return unwrap(await createReplica({ ...options, writer: randomId(createSeededRandom(seed + 1_000)) }));
}

async function exchange(from: Replica, to: Replica) {
  return to.receive(from.missing(to.heads()));
}

describe('replica', () => {
  it('P2: two devices that edit one field apart see both values as a clash, and a third write settles it', async () => {
    const fleet = await createFleetOfDevices(2);
    const [a, b] = [await openReplica(fleet, 0, 1), await openReplica(fleet, 1, 2)];
    unwrap(await a.edit(APP, (editor) => editor.set('name', 'base')));
    await exchange(a, b);
    unwrap(await a.edit(APP, (editor) => editor.set('name', 'from-a')));
    unwrap(await b.edit(APP, (editor) => editor.set('name', 'from-b')));
    await exchange(a, b);
    await exchange(b, a);
    expect(a.snapshot(APP)).toEqual(b.snapshot(APP));
    expect(
      a
        .snapshot(APP)
        ?.clashes[0]?.entries.map((entry) => entry.value)
        .sort(),
    ).toEqual(['from-a', 'from-b']);
    unwrap(await b.edit(APP, (editor) => editor.set('name', 'settled')));
    await exchange(b, a);
    expect(a.snapshot(APP)?.clashes).toEqual([]);
    expect(a.snapshot(APP)?.fields.name).toBe('settled');
  });

  it('P2: a text edited on both sides merges and is marked until somebody has looked', async () => {
    const fleet = await createFleetOfDevices(2);
    const [a, b] = [await openReplica(fleet, 0, 1), await openReplica(fleet, 1, 2)];
    unwrap(await a.edit(APP, (editor) => editor.setText('compose', 'image: app:1\nports: 80\n')));
    await exchange(a, b);
    unwrap(await a.edit(APP, (editor) => editor.setText('compose', 'image: app:2\nports: 80\n')));
    unwrap(await b.edit(APP, (editor) => editor.setText('compose', 'image: app:1\nports: 8080\n')));
    await exchange(a, b);
    await exchange(b, a);
    expect(a.snapshot(APP)?.fields.compose).toBe('image: app:2\nports: 8080\n');
    expect(a.snapshot(APP)?.clashes.map((clash) => clash.field)).toEqual(['compose']);
    unwrap(await a.edit(APP, (editor) => editor.setText('compose', 'image: app:2\nports: 8080\n')));
    await exchange(a, b);
    expect(b.snapshot(APP)?.clashes).toEqual([]);
  });

  it('P5: what a store refused is not in the replica, and the next edit goes on from there', async () => {
    const fleet = await createFleetOfDevices(1);
    const store = createMemoryReplicaStore();
    const replica = await openReplica(fleet, 0, 1, store);
    unwrap(await replica.edit(APP, (editor) => editor.set('name', 'kept')));
    store.failNext('disk full');
    await expect(replica.edit(APP, (editor) => editor.set('name', 'lost'))).rejects.toThrow('disk full');
    expect(replica.snapshot(APP)?.fields.name).toBe('kept');
    unwrap(await replica.edit(APP, (editor) => editor.set('state', 'stopped')));
    const again = await openReplica(fleet, 0, 1, store);
    expect(again.snapshot(APP)).toEqual(replica.snapshot(APP));
    expect(again.unacked()).toHaveLength(2);
  });

  it('an edit with a bad value changes nothing and says what is wrong', async () => {
    const replica = await openReplica(await createFleetOfDevices(1), 0, 1);
    const result = await replica.edit(APP, (editor) => {
      editor.set('name', 'x');
      editor.set('bad name', 'y');
    });
    expect(result.ok ? '' : result.error.code).toBe('replica.bad-edit');
    expect(replica.snapshot(APP)?.fields ?? {}).toEqual({});
  });

  it('writing one field twice in one edit is one entry that others take', async () => {
    const fleet = await createFleetOfDevices(2);
    const [a, b] = [await openReplica(fleet, 0, 1), await openReplica(fleet, 1, 2)];
    unwrap(await a.edit(APP, (editor) => editor.set('name', 'one')));
    unwrap(
      await a.edit(APP, (editor) => {
        editor.set('name', 'two');
        editor.set('name', 'three');
      }),
    );
    expect((await exchange(a, b)).refused).toEqual([]);
    expect(b.snapshot(APP)?.fields.name).toBe('three');
  });
});

const refusal = fault('row.document-full', 'permanent', 'too large', 'Remove something.');

function hashesOf(replica: Replica): string[] {
  return replica.unacked().map(itemHash);
}

describe('edits that the core did not take', () => {
  it('P2: go aside with all that follow them, the document goes on without them, and they can be made once more', async () => {
    const fleet = await createFleetOfDevices(2);
    const store = createMemoryReplicaStore();
    const [a, b] = [await openReplica(fleet, 0, 1, store), await openReplica(fleet, 1, 2)];
    unwrap(await a.edit(APP, (editor) => editor.set('name', 'web')));
    unwrap(await a.edit(APP, (editor) => editor.setText('compose', 'one\ntwo\n')));
    await exchange(a, b);
    await a.acked(hashesOf(a));
    unwrap(await a.edit(APP, (editor) => editor.setText('compose', 'one\nTWO\n')));
    unwrap(await a.edit(APP, (editor) => editor.addItem('env', { key: 'TZ', value: 'UTC' })));
    const [first = '', second = ''] = hashesOf(a);

    expect(await a.setAside([{ row: first, fault: refusal }])).toMatchObject([
      { id: first, doc: APP, rows: 2, fault: refusal },
    ]);
    expect(await a.setAside([{ row: second, fault: refusal }])).toEqual([]);
    expect(a.unacked()).toEqual([]);
    expect(a.snapshot(APP)).toEqual(b.snapshot(APP));

    // The document goes on under another writer, and others take what is written there.
    unwrap(await a.edit(APP, (editor) => editor.set('name', 'blog')));
    expect((await exchange(a, b)).refused).toEqual([]);
    unwrap(await b.edit(APP, (editor) => editor.setText('compose', 'zero\none\ntwo\n')));
    await exchange(b, a);

    const again = await openReplica(fleet, 0, 1, store, 1);
    expect(again.snapshot(APP)).toEqual(a.snapshot(APP));
    const [edit] = await again.refusedEdits();
    expect(edit?.changes.map(({ path, value }) => [path.replace(/\/.*\//, '/…/'), value])).toEqual([
      ['compose', 'zero\none\nTWO\n'],
      ['env/…/createdAt', expect.any(String)],
      ['env/…/key', 'TZ'],
      ['env/…/value', 'UTC'],
    ]);
    unwrap(await again.settleRefused(first, 'rewrite'));
    expect(await again.refusedEdits()).toEqual([]);
    expect((await exchange(again, b)).refused).toEqual([]);
    expect(b.snapshot(APP)?.fields).toMatchObject({ name: 'blog', compose: 'zero\none\nTWO\n' });
    expect(b.snapshot(APP)?.collections.env).toMatchObject([{ fields: { key: 'TZ', value: 'UTC' } }]);
    const last = await openReplica(fleet, 0, 1, store);
    expect([last.refusedCount(), last.snapshot(APP)]).toEqual([0, b.snapshot(APP)]);
  });

  it('P2: a discarded one is gone, one that was refused for now is sent again, and settled is settled', async () => {
    const fleet = await createFleetOfDevices(1);
    const store = createMemoryReplicaStore();
    const replica = await openReplica(fleet, 0, 1, store);
    unwrap(await replica.edit(APP, (editor) => editor.set('name', 'web')));
    const [row = ''] = hashesOf(replica);
    expect(await replica.setAside([{ row, fault: { ...refusal, kind: 'transient' } }])).toEqual([]);
    expect(hashesOf(replica)).toEqual([row]);
    await replica.setAside([{ row, fault: refusal }]);
    expect(replica.documents()).toEqual([]);
    unwrap(await replica.settleRefused(row, 'discard'));
    expect(replica.refusedCount()).toBe(0);
    const again = await replica.settleRefused(row, 'rewrite');
    expect(again).toMatchObject({ ok: false, error: { code: 'row.not-aside' } });
    unwrap(await replica.edit(APP, (editor) => editor.set('name', 'blog')));
    const reopened = await openReplica(fleet, 0, 1, store);
    expect([reopened.snapshot(APP)?.fields.name, reopened.refusedCount()]).toEqual(['blog', 0]);
  });

  it('P1: what others build on stays, and what the core has after all comes back', async () => {
    const fleet = await createFleetOfDevices(2);
    const store = createMemoryReplicaStore();
    const [a, b] = [await openReplica(fleet, 0, 1, store), await openReplica(fleet, 1, 2)];
    unwrap(await a.edit(APP, (editor) => editor.setText('compose', 'one\n')));
    await exchange(a, b);
    unwrap(await b.edit(APP, (editor) => editor.setText('compose', 'one\ntwo\n')));
    await exchange(b, a);
    const [row = ''] = hashesOf(a);
    expect(await a.setAside([{ row, fault: refusal }])).toEqual([]);
    expect(a.snapshot(APP)).toEqual(b.snapshot(APP));

    unwrap(await a.edit(APP, (editor) => editor.set('name', 'web')));
    const [, late = ''] = hashesOf(a);
    await exchange(a, b);
    await a.setAside([{ row: late, fault: refusal }]);
    expect((await exchange(b, a)).refused).toEqual([]);
    expect([a.refusedCount(), a.snapshot(APP)?.fields.name]).toEqual([0, 'web']);
    const again = await openReplica(fleet, 0, 1, store);
    expect([again.refusedCount(), again.snapshot(APP)]).toEqual([0, b.snapshot(APP)]);
  });
});

type Op = { at: number; kind: 'set' | 'text' | 'add' | 'remove' | 'send'; to: number; value: string };

const op: fc.Arbitrary<Op> = fc.record({
  at: fc.nat(2),
  kind: fc.constantFrom('set', 'text', 'add', 'remove', 'send'),
  to: fc.nat(2),
  value: fc.string({ maxLength: 6 }),
});

describe('replica, for any history', () => {
  it('P2: replicas that have exchanged all rows are equal, whatever was edited, sent, sent twice or late', async () => {
    const fleet = await createFleetOfDevices(3);
    await fc.assert(
      fc.asyncProperty(fc.array(op, { maxLength: 14 }), async (history) => {
        const replicas = await Promise.all([0, 1, 2].map((index) => openReplica(fleet, index, index + 1)));
        for (const step of history) {
          const [self, other] = [replicas[step.at], replicas[step.to]];
          if (!self || !other) continue;
          if (step.kind === 'send') expect((await exchange(self, other)).refused).toEqual([]);
          else unwrap(await self.edit(APP, (editor) => applyOp(self, editor, step)));
        }
        for (const from of replicas) for (const to of replicas) expect((await exchange(from, to)).refused).toEqual([]);
        for (const from of replicas) for (const to of replicas) await to.receive(from.missing({}));
        const [first, ...rest] = replicas.map((replica) => replica.snapshot(APP) ?? {});
        for (const other of rest) expect(other).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });
});

function applyOp(self: Replica, editor: Parameters<Parameters<Replica['edit']>[1]>[0], step: Op): void {
  const item = self.snapshot(APP)?.collections.env?.[0];
  if (step.kind === 'set') editor.set('name', step.value);
  if (step.kind === 'text') editor.setText('compose', step.value);
  if (step.kind === 'add') editor.addItem('env', { key: 'A', value: step.value });
  if (step.kind === 'remove' && item) editor.removeItem('env', item.id);
}
