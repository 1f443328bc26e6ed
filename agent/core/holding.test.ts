import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAlarms, lookAfterNode, nodeHead } from '#shared/device/index.ts';
import { isoTime, randomId, systemClock, systemRandom, unwrap } from '#shared/kernel/index.ts';
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
});
