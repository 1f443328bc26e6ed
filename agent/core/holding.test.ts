import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeHold } from '#shared/contracts/link/messages.ts';
import {
  type Fleet,
  type ForgottenChain,
  letNodeGoOn,
  listAlarms,
  lookAfterNode,
  nodeHead,
} from '#shared/device/index.ts';
import {
  err,
  type Fault,
  fault,
  isoTime,
  ok,
  randomId,
  systemClock,
  systemRandom,
  unwrap,
} from '#shared/kernel/index.ts';
import {
  decideStatement,
  type Envelope,
  itemHash,
  openEnvelope,
  signEnvelope,
  trustKeys,
} from '#shared/trust/index.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import { deviceContext, openTestFleet } from './testing/device-fleet.ts';
import type { TestDevice } from './testing/test-device.ts';
import { joinNode, type TestNode } from './testing/test-node.ts';

describe('a node that asks what is newest', () => {
  let world: CoreWorld;
  let device: TestDevice;
  let attic: TestNode;
  let cellar: TestNode;

  beforeAll(async () => {
    world = await createCoreWorld();
    device = await world.claim();
    attic = await joinNode(world, device, 'attic');
    cellar = await joinNode(world, device, 'cellar');
    await attic.connect();
    await cellar.connect();
  });
  afterAll(async () => {
    attic.disconnect();
    cellar.disconnect();
    await world.dispose();
  });

  const ask = (node: TestNode, nonce: string | null, holding = true) =>
    node.send({ type: 'holding', hold: { holding, nonce, since: isoTime(systemClock), head: null, why: null } });
  const view = async (node: TestNode) => (await device.call('showNode', { params: { id: node.identity.nodeId } })).json;
  /** Until the core says so of a node. */
  async function until(
    node: TestNode,
    isSo: (seen: { hold: { nonce: string } | null; newestEntry: unknown }) => boolean,
  ) {
    for (;;) {
      const seen = await view(node);
      if (isSo(seen)) return seen;
    }
  }
  const opened = async (envelope: unknown) => {
    const { fleet } = device.trust();
    const about = { kind: 'statement', fleet, keys: trustKeys(device.trust()) } as const;
    return unwrap(await openEnvelope(envelope as Envelope, about));
  };

  test('HOLD-2: is answered by a device that looks at it, by the head of its own chain', async () => {
    const entry = await attic.entry('started', null);
    attic.send({ type: 'audit', entries: [entry] as never });
    await attic.next('audit-ack');
    const nonce = randomId(systemRandom);
    ask(attic, nonce);
    await until(attic, ({ hold }) => hold?.nonce === nonce);
    const fleet = await openTestFleet(world, device);
    const { nodeId } = attic.identity;
    await lookAfterNode(deviceContext(), fleet, nodeId);
    const answer = await opened((await attic.next('statement')).envelope);
    const head = { seq: 1, hash: itemHash(entry) };
    expect(answer.payload).toMatchObject({ nonce, nodeAuditHead: head.hash, nodeAuditSeq: 1 });
    expect(await nodeHead(fleet, nodeId)).toEqual(head);
    expect(await fleet.store.witnesses()).toContainEqual({ chain: nodeId, head: head.hash });
    const chain = { head, seqOf: (hash: string) => (hash === head.hash ? 1 : undefined) };
    const decided = decideStatement({ opened: answer, node: nodeId, nonce, state: device.trust(), chain });
    expect(unwrap(decided)).toEqual({ ends: true, goOn: false });
    await fleet.close();
  });

  test('HOLD-5: a device names what it saw, whatever older thing the core shows', async () => {
    const fleet = await openTestFleet(world, device);
    const { nodeId } = attic.identity;
    const seen = { seq: 7, hash: 'a'.repeat(64) };
    await fleet.store.saveMemo(`head:${nodeId}`, JSON.stringify(seen));
    const nonce = randomId(systemRandom);
    ask(attic, nonce);
    await until(attic, ({ hold }) => hold?.nonce === nonce);
    await lookAfterNode(deviceContext(), fleet, nodeId);
    const answer = await opened((await attic.next('statement')).envelope);
    expect(answer.payload).toMatchObject({ nodeAuditHead: seen.hash, nodeAuditSeq: seen.seq });
    await fleet.close();
  });

  test('HOLD-3: the question goes to nodes that do not hold, and their answer comes back', async () => {
    const nonce = randomId(systemRandom);
    ask(attic, nonce);
    await until(attic, ({ hold }) => hold?.nonce === nonce);
    ask(cellar, null, false);
    const { nodeId } = attic.identity;
    expect(await cellar.next('vouch')).toMatchObject({ node: nodeId, nonce });
    const { fleet, head, heads } = device.trust();
    const statement = await signEnvelope(
      'statement',
      {
        fleet,
        trustHead: head,
        node: nodeId,
        nonce,
        trustHeads: heads,
        nodeAuditHead: null,
        nodeAuditSeq: 0,
        time: isoTime(systemClock),
      },
      cellar.key.signer,
    );
    cellar.send({ type: 'statement', node: nodeId, envelope: statement as never });
    expect(itemHash((await attic.next('statement')).envelope as Envelope)).toBe(itemHash(statement));
  });

  test('HOLD-3: each node hears how far the chains of the others go', async () => {
    const known = await cellar.next('heads');
    expect(known.entries).toEqual([]);
    const entry = await attic.entry('repaired', null);
    attic.send({ type: 'audit', entries: [entry] as never });
    for (;;) {
      const { entries } = await cellar.next('heads');
      if (entries.some((one) => itemHash(one as Envelope) === itemHash(entry))) break;
    }
  });

  test('P8: a device keeps an alarm when a node signs a second history, and tells it once (A8-17)', async () => {
    const fleet = await openTestFleet(world, device);
    const { nodeId } = attic.identity;
    const notes: string[] = [];
    const context = {
      ...deviceContext(),
      tell: { note: (text: string) => void notes.push(text), status: () => undefined },
    };
    await lookAfterNode(context, fleet, nodeId);
    const seen = await nodeHead(fleet, nodeId);
    await fleet.store.saveMemo(`head:${nodeId}`, JSON.stringify({ seq: seen?.seq, hash: 'a'.repeat(64) }));
    await lookAfterNode(context, fleet, nodeId);
    await lookAfterNode(context, fleet, nodeId);
    expect(notes).toEqual([expect.stringMatching(/two histories/)]);
    expect(await listAlarms(fleet.store)).toMatchObject([
      { fault: { code: 'audit.split-view', detail: { node: nodeId } } },
    ]);
    await fleet.close();
  });

  test('HOLD-2: what answers no open question is not passed on', async () => {
    ask(attic, null, false);
    await until(attic, ({ hold }) => hold !== null && hold.nonce === null);
    const { fleet, head, heads } = device.trust();
    const { nodeId } = attic.identity;
    const payload = { fleet, trustHead: head, node: nodeId, nonce: randomId(systemRandom), trustHeads: heads };
    const seen = { nodeAuditHead: null, nodeAuditSeq: 0, time: isoTime(systemClock) };
    const statement = await signEnvelope('statement', { ...payload, ...seen }, device.key.signer);
    const answer = await device.call('vouchForNode', { params: { id: nodeId }, body: { statement } });
    expect(answer).toMatchObject({ status: 202, json: { passed: false } });
  });

  describe('that has forgotten what nobody can give back', () => {
    let loft: TestNode;
    let fleet: Fleet;
    let head: NonNullable<NodeHold['head']>;
    /** What this device saw of its chain before its disk was put back. */
    const seen = { seq: 9, hash: 'b'.repeat(64) };
    const behind = fault('hold.behind-chain', 'transient', 'it was put back', 'let it go on') as Fault;

    beforeAll(async () => {
      loft = await joinNode(world, device, 'loft');
      await loft.connect();
      const entry = await loft.entry('vouched', null);
      head = { seq: 1, hash: itemHash(entry) };
      loft.send({ type: 'audit', entries: [entry] as never });
      await loft.next('audit-ack');
      fleet = await openTestFleet(world, device);
      await fleet.store.saveMemo(`head:${loft.identity.nodeId}`, JSON.stringify(seen));
    });
    afterAll(async () => {
      loft.disconnect();
      await fleet.close();
    });

    async function hold(why: Fault): Promise<string> {
      const nonce = randomId(systemRandom);
      const about = { holding: true, nonce, since: isoTime(systemClock), head, why: why as NodeHold['why'] };
      loft.send({ type: 'holding', hold: about });
      await until(loft, (view) => view.hold?.nonce === nonce);
      return nonce;
    }
    /** What is shown to the owner, who answers this. */
    const letGoOn = async (answer: Awaited<ReturnType<Parameters<typeof letNodeGoOn>[3]>>) => {
      const shown: ForgottenChain[] = [];
      const went = await letNodeGoOn(deviceContext(), fleet, loft.identity.nodeId, async (forgotten) => {
        shown.push(forgotten);
        return answer;
      });
      return { went, shown };
    };
    const ownEntry = async (action: string, seq: number, prev: string) => {
      const { fleet: id, head: trustHead } = device.trust();
      const about = { fleet: id, trustHead, nodeAuditHead: prev, seq, prev, at: isoTime(systemClock), action };
      return signEnvelope('node-audit', { ...about, subject: {}, order: null, detail: {} }, loft.key.signer);
    };

    test('HOLD-6: a node that has only started is answered, not let go on, and its owner is asked nothing', async () => {
      await hold(fault('hold.waiting', 'transient', 'it has just started', 'wait'));
      const { went, shown } = await letGoOn(ok());
      expect(went).toMatchObject({ ok: false, error: { code: 'hold.not-forgotten', kind: 'conflict' } });
      expect(shown).toEqual([]);
    });

    test('HOLD-6: an owner is shown what is gone, and a no signs nothing', async () => {
      await hold(behind);
      const no = fault('cli.missing-confirmation', 'permanent', 'no', 'say yes');
      const { went, shown } = await letGoOn(err(no));
      expect(went).toEqual(err(no));
      expect(shown).toMatchObject([{ why: { code: 'hold.behind-chain' }, ownSeq: 1, seenSeq: 9 }]);
      expect(loft.received.filter(({ type }) => type === 'statement')).toEqual([]);
    });

    test('HOLD-6: a yes is a statement by which the node goes on from the head that was looked at', async () => {
      const nonce = await hold(behind);
      const { went } = await letGoOn(ok());
      expect(went).toEqual(ok());
      const answer = await opened((await loft.next('statement')).envelope);
      expect(answer.payload).toMatchObject({
        nonce,
        goOn: head.hash,
        nodeAuditHead: seen.hash,
        nodeAuditSeq: seen.seq,
      });
      const about = { opened: answer, node: loft.identity.nodeId, nonce, state: device.trust() };
      const chain = (own: typeof head) => ({
        head: own,
        seqOf: (hash: string) => (hash === own.hash ? own.seq : undefined),
      });
      expect(decideStatement({ ...about, chain: chain(head) })).toEqual(ok({ ends: true, goOn: true }));
      const moved = decideStatement({ ...about, chain: chain({ seq: 2, hash: 'c'.repeat(64) }) });
      expect(moved).toMatchObject({ ok: false, error: { code: 'hold.moved-on' } });
      const { entries } = (await device.call('listAudit', { query: { order: 'newest', limit: '20' } })).json;
      const row = entries.find(({ action }: { action: string }) => action === 'node.vouch');
      expect(row).toMatchObject({
        actor: { kind: 'device', id: device.deviceId },
        subject: { node: loft.identity.nodeId, goesOn: 'yes' },
        outcome: 'accepted',
      });
    });

    test('HOLD-6: its entry `went-on` leaves the numbers out that are gone, without an alarm; no other entry may', async () => {
      const { nodeId } = loft.identity;
      const skips = await ownEntry('accepted', seen.seq + 1, head.hash);
      loft.send({ type: 'audit', entries: [skips] as never });
      expect(await loft.next('audit-ack')).toMatchObject({ seq: 1 });
      const wentOn = await ownEntry('went-on', seen.seq + 1, head.hash);
      loft.send({ type: 'audit', entries: [wentOn] as never });
      expect(await loft.next('audit-ack')).toMatchObject({ seq: seen.seq + 1 });
      const before = await listAlarms(fleet.store);
      await lookAfterNode(deviceContext(), fleet, nodeId);
      expect(await listAlarms(fleet.store)).toEqual(before);
      expect(await nodeHead(fleet, nodeId)).toEqual({ seq: seen.seq + 1, hash: itemHash(wentOn) });
    });
  });
});
