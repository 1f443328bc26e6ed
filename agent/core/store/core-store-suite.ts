import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultError, fault } from '#shared/kernel/index.ts';
import type { CoreStore } from './port.ts';
import type { EnrolmentRecord, JobRecord, StoredHeader, StoredRowRecord } from './records.ts';

const AT = '2026-01-01T00:00:00.000Z';
const hashOf = (digit: string) => digit.repeat(64);
const idOf = (letter: string) => letter.repeat(26);
const envelope = { payloadType: 'application/vnd.overseer.test+json;v=1', payload: 'e30=', signatures: [] };

/** What every store behind the core's port must do. `reopen` gives the same data after a close, or null. */
export function describeCoreStore(
  name: string,
  open: () => Promise<{ store: CoreStore; reopen: (() => Promise<CoreStore>) | null; dispose: () => Promise<void> }>,
): void {
  describe(`core store: ${name}`, () => {
    let world: Awaited<ReturnType<typeof open>>;
    let store: CoreStore;
    beforeEach(async () => {
      world = await open();
      store = world.store;
    });
    afterEach(async () => {
      await store.close();
      await world.dispose();
    });

    test('P5: what a write acknowledged is read, also after a restart', async () => {
      await store.durable.write(async (tx) => {
        await tx.setMeta('a', '1');
        await tx.addObject(hashOf('a'), new Uint8Array([1, 2, 3]));
        await tx.addTrust({ hash: hashOf('1'), envelope });
        await tx.addRow(row('1', 1));
        await tx.addHeader(header('1', 1));
        await tx.addChangeSet({
          id: idOf('c'),
          hash: hashOf('c'),
          verb: 'deploy',
          device: idOf('d'),
          envelope,
          at: AT,
        });
        await tx.setTip(idOf('p'), idOf('n'), hashOf('1'));
        await tx.putProposal({
          id: idOf('r'),
          state: 'awaiting-signature',
          verb: 'stop',
          appId: null,
          content: { note: '', changes: {} },
          by: { kind: 'token', id: idOf('t'), name: 'ci' },
          createdAt: AT,
          expiresAt: AT,
          settled: null,
          changeSet: null,
          jobs: [],
        });
        await tx.putToken({ tokenId: idOf('t'), made: envelope, revoked: null });
        await tx.addNodeAudit({ node: idOf('n'), seq: 1, hash: hashOf('2'), envelope });
      });
      if (world.reopen !== null) {
        await store.close();
        store = await world.reopen();
      }
      const { read } = store.durable;
      expect(await read.getMeta('a')).toBe('1');
      expect([...((await read.getObject(hashOf('a'))) ?? [])]).toEqual([1, 2, 3]);
      expect(await read.listTrust()).toEqual([{ hash: hashOf('1'), envelope }]);
      expect(await read.listRows()).toEqual([row('1', 1)]);
      expect(await read.getHeader(hashOf('1'))).toEqual(header('1', 1));
      expect((await read.getChangeSet(idOf('c')))?.verb).toBe('deploy');
      expect(await read.getTip(idOf('p'), idOf('n'))).toBe(hashOf('1'));
      expect((await read.listProposals()).map((proposal) => proposal.id)).toEqual([idOf('r')]);
      expect(await read.getProposal(idOf('r'))).toMatchObject({ verb: 'stop', by: { name: 'ci' } });
      expect(await read.listTokens()).toEqual([{ tokenId: idOf('t'), made: envelope, revoked: null }]);
      await store.durable.write((tx) => tx.removeProposal(idOf('r')));
      expect(await read.getProposal(idOf('r'))).toBeUndefined();
      expect((await read.nodeAuditHead(idOf('n')))?.hash).toBe(hashOf('2'));
    });

    test('gives the newest of many chains at once, and nothing of a node that has none', async () => {
      await store.durable.write(async (tx) => {
        for (const [node, seq] of [
          ['n', 1],
          ['m', 1],
          ['n', 2],
          ['o', 9],
          ['n', 3],
        ] as const)
          await tx.addNodeAudit({ node: idOf(node), seq, hash: hashOf(String(seq)), envelope });
      });
      const { read } = store.durable;
      const heads = await read.nodeAuditHeads([idOf('n'), idOf('m'), idOf('p')]);
      expect([...heads].map(([node, { seq }]) => [node, seq]).sort()).toEqual(
        [
          [idOf('m'), 1],
          [idOf('n'), 3],
        ].sort(),
      );
      expect(heads.get(idOf('n'))).toEqual(await read.nodeAuditHead(idOf('n')));
      expect(await read.nodeAuditHeads([])).toEqual(new Map());
    });

    test('a unit that throws leaves nothing, and its neighbours of the same turn stay', async () => {
      const refusal = fault('test.refused', 'conflict', 'no', 'stop');
      const results = await Promise.allSettled([
        store.durable.write((tx) => tx.setMeta('before', '1')),
        store.durable.write(async (tx) => {
          await tx.setMeta('half', '1');
          throw new FaultError(refusal);
        }),
        store.durable.write((tx) => tx.setMeta('after', '1')),
      ]);
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const { read } = store.durable;
      expect(await Promise.all(['before', 'half', 'after'].map((key) => read.getMeta(key)))).toEqual([
        '1',
        undefined,
        '1',
      ]);
    });

    test('a unit reads its own writes; readers outside see them only when they are durable', async () => {
      let outside: string | undefined = 'unset';
      await store.durable.write(async (tx) => {
        await tx.setMeta('k', 'new');
        expect(await tx.getMeta('k')).toBe('new');
        outside = await store.durable.read.getMeta('k');
      });
      expect(outside).toBeUndefined();
      expect(await store.durable.read.getMeta('k')).toBe('new');
    });

    test('writes are taken one after the other: a counter loses nothing', async () => {
      const add = () =>
        store.durable.write(async (tx) => {
          const now = Number((await tx.getMeta('n')) ?? '0');
          await tx.setMeta('n', String(now + 1));
        });
      await Promise.all(Array.from({ length: 50 }, add));
      expect(await store.durable.read.getMeta('n')).toBe('50');
    });

    test('adding what is there already says so and changes nothing', async () => {
      const added = await store.durable.write(async (tx) => [
        await tx.addObject(hashOf('a'), new Uint8Array([1])),
        await tx.addObject(hashOf('a'), new Uint8Array([1])),
        await tx.addRow(row('1', 1)),
        await tx.addRow(row('1', 1)),
        await tx.addHeader(header('1', 1)),
        await tx.addHeader(header('1', 1)),
        await tx.addTrust({ hash: hashOf('1'), envelope }),
        await tx.addTrust({ hash: hashOf('1'), envelope }),
        await tx.addNodeAudit({ node: idOf('n'), seq: 1, hash: hashOf('2'), envelope }),
        await tx.addNodeAudit({ node: idOf('n'), seq: 1, hash: hashOf('3'), envelope }),
      ]);
      expect(added).toEqual([true, false, true, false, true, false, true, false, true, false]);
      expect((await store.durable.read.nodeAuditHead(idOf('n')))?.hash).toBe(hashOf('2'));
    });

    test('P8: the audit chain takes the next number only', async () => {
      const add = (seq: number) =>
        store.durable.write((tx) => tx.addAudit({ seq, hash: hashOf(String(seq)), bytes: `{"seq":${seq}}` }));
      await add(1);
      await add(2);
      await expect(add(4)).rejects.toMatchObject({ fault: { code: 'audit.gap' } });
      await expect(add(2)).rejects.toMatchObject({ fault: { code: 'audit.gap' } });
      expect((await store.durable.read.auditHead())?.seq).toBe(2);
      expect((await store.durable.read.listAudit(1, 10)).map((entry) => entry.seq)).toEqual([2]);
      expect((await store.durable.read.getAuditEntry(hashOf('2')))?.seq).toBe(2);
      expect(await store.durable.read.getAuditEntry(hashOf('9'))).toBeUndefined();
      await add(3);
      const newest = async (after: number, before: number, limit: number) =>
        (await store.durable.read.listNewestAudit(after, before, limit)).map((entry) => entry.seq);
      expect(await newest(-1, Number.MAX_SAFE_INTEGER, 2)).toEqual([3, 2]);
      expect(await newest(-1, 3, 10)).toEqual([2, 1]);
      expect(await newest(1, 3, 10)).toEqual([2]);
    });

    test('jobs are listed newest first and by state, app and node', async () => {
      await store.durable.write(async (tx) => {
        await tx.putJob(job('a', '1', 'queued'));
        await tx.putJob(job('b', '2', 'running'));
        await tx.putJob(job('c', '3', 'queued'));
        await tx.putJob(job('a', '1', 'done'));
        await tx.addTransition({ job: idOf('a'), at: AT, from: null, to: 'queued', event: 'created' });
        await tx.addTransition({ job: idOf('a'), at: AT, from: 'queued', to: 'done', event: 'outcome' });
      });
      const { read } = store.durable;
      expect((await read.listJobs({})).map((found) => found.id)).toEqual([idOf('c'), idOf('b'), idOf('a')]);
      expect((await read.listJobs({ limit: 1 })).map((found) => found.id)).toEqual([idOf('c')]);
      expect((await read.listJobs({ state: 'queued' })).map((found) => found.id)).toEqual([idOf('c')]);
      expect(await read.listJobs({ node: idOf('x') })).toEqual([]);
      expect((await read.getJobByHeader(hashOf('1')))?.state).toBe('done');
      expect((await read.listTransitions(idOf('a'))).map((transition) => transition.to)).toEqual(['queued', 'done']);
    });

    test('headers are listed by app, node and number', async () => {
      await store.durable.write(async (tx) => {
        await tx.addHeader(header('2', 2));
        await tx.addHeader(header('1', 1));
        await tx.addHeader({ ...header('3', 1), node: idOf('m') });
      });
      const listed = await store.durable.read.listHeaders({ appId: idOf('p'), node: idOf('n') });
      expect(listed.map((found) => found.number)).toEqual([1, 2]);
      expect(await store.durable.read.listHeaders({ appId: idOf('q') })).toEqual([]);
    });

    test('held objects are told for any number of hashes', async () => {
      const hashes = Array.from({ length: 1_200 }, (_, i) => i.toString(16).padStart(64, '0'));
      await store.durable.write(async (tx) => {
        for (const hash of hashes.slice(0, 600)) await tx.addObject(hash, new Uint8Array([1]));
      });
      expect((await store.durable.read.heldObjects(hashes)).size).toBe(600);
      expect((await store.durable.read.heldObjects([])).size).toBe(0);
    });

    test('an enrolment is kept by the hash of its admit part and replaced whole', async () => {
      const enrolment: EnrolmentRecord = {
        enrolment: idOf('e'),
        admitHash: hashOf('e'),
        name: null,
        state: 'open',
        expiresAt: AT,
        request: null,
        mac: null,
        requestedAt: null,
        lostRaces: 0,
        device: idOf('d'),
        signKey: null,
      };
      await store.durable.write((tx) => tx.putEnrolment(enrolment));
      await store.durable.write((tx) => tx.putEnrolment({ ...enrolment, state: 'requested', lostRaces: 1 }));
      expect(await store.durable.read.getEnrolment(hashOf('e'))).toMatchObject({ state: 'requested', lostRaces: 1 });
      expect(await store.durable.read.listEnrolments()).toHaveLength(1);
    });

    test('the rebuildable class keeps the newest report, sighting and all steps', async () => {
      const { rebuildable } = store;
      await rebuildable.putObserved(idOf('n'), '{"a":1}');
      await rebuildable.putObserved(idOf('n'), '{"a":2}');
      await rebuildable.putSighting({ node: idOf('n'), at: AT, facts: null });
      await rebuildable.addStep(idOf('a'), { name: 'send', state: 'started', at: AT, text: 'x' });
      await rebuildable.addStep(idOf('a'), { name: 'send', state: 'done', at: AT, text: 'y' });
      expect(await rebuildable.listObserved()).toEqual([{ node: idOf('n'), envelope: '{"a":2}' }]);
      expect(await rebuildable.listSightings()).toEqual([{ node: idOf('n'), at: AT, facts: null }]);
      const steps = await rebuildable.listSteps([idOf('a'), idOf('b')]);
      expect(steps.get(idOf('a'))?.map((step) => step.state)).toEqual(['started', 'done']);
      expect(steps.has(idOf('b'))).toBe(false);
    });
  });
}

function row(digit: string, seq: number): StoredRowRecord {
  return { hash: hashOf(digit), doc: 'fleet', writer: idOf('w'), seq, device: idOf('d'), envelope };
}

function header(digit: string, number: number): StoredHeader {
  return {
    hash: hashOf(digit),
    appId: idOf('p'),
    node: idOf('n'),
    number,
    previous: null,
    body: hashOf('b'),
    changeSet: idOf('c'),
    envelope,
  };
}

function job(letter: string, digit: string, state: JobRecord['state']): JobRecord {
  return {
    id: idOf(letter),
    changeSet: idOf('c'),
    appId: idOf('p'),
    appName: 'app',
    node: idOf('n'),
    header: hashOf(digit),
    number: 1,
    verb: 'deploy',
    state,
    outcome: null,
    awayMs: null,
    fault: null,
    createdAt: AT,
    startedAt: null,
    endedAt: null,
    after: [],
  };
}
