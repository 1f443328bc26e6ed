import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import { listOperations, type OperationId, operationOf } from '#shared/contracts/rest/index.ts';
import { isoTime, randomId, sha256Hex, systemClock, systemRandom, utf8 } from '#shared/kernel/index.ts';
import { signRow } from '#shared/replica/index.ts';
import {
  commitDevice,
  createApprovalNonce,
  createStreamReceiver,
  createStreamSender,
  generateSealingKey,
  generateSigningKey,
  itemHash,
  type Signer,
  signEnvelope,
  signTrustEntry,
} from '#shared/trust/index.ts';
import { linkRules } from '../link/link-messages.ts';
import { HELLO_ACTION } from '../link/node-links.ts';
import { appBody } from '../testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from '../testing/core-world.ts';
import type { CallInput, TestDevice } from '../testing/test-device.ts';
import { FACTS, joinNode, type TestNode } from '../testing/test-node.ts';
import { untilJob } from '../testing/until-job.ts';

interface Entry {
  seq: number;
  action: string;
  outcome: string;
  actor: { kind: string; id: string };
}

describe('P8: every act leaves exactly one audit entry', () => {
  let world: CoreWorld;
  let device: TestDevice;
  let node: TestNode;
  const walked = new Set<string>();

  beforeAll(async () => {
    world = await createCoreWorld();
    device = await world.claim();
    node = await joinNode(world, device);
    await node.connect();
  });
  afterAll(async () => {
    node.disconnect();
    await world.dispose();
  });

  const entries = async (after = 0): Promise<Entry[]> =>
    (await device.call('listAudit', { query: { after: String(after), limit: '1000' } })).json.entries;
  const lastSeq = async () => (await entries()).at(-1)?.seq ?? 0;

  const statement = (signer: Signer, about: string) => {
    const { fleet, head, heads } = device.trust();
    const payload = {
      fleet,
      trustHead: head,
      node: about,
      nonce: randomId(systemRandom),
      trustHeads: heads,
      nodeAuditHead: null,
      nodeAuditSeq: 0,
      time: isoTime(systemClock),
    };
    return signEnvelope('statement', payload, signer);
  };

  /** Makes one call and gives what it added to the log. */
  async function walk(id: OperationId, input: CallInput, status: number): Promise<Entry[]> {
    const before = await lastSeq();
    const answer = await device.call(id, input);
    expect({ id, status: answer.status, text: answer.status === status ? '' : answer.text }).toEqual({
      id,
      status,
      text: '',
    });
    return entries(before);
  }

  /** Accepted and refused: one entry each, with the action that the table promises. */
  async function walkBoth(
    id: OperationId,
    good: CallInput | null,
    bad: CallInput | null,
    badStatus: number,
  ): Promise<void> {
    const { audit, status } = operationOf(id);
    const action = 'action' in audit ? audit.action : null;
    const line = (outcome: string) => (action === null ? [] : [{ action, outcome }]);
    const brief = (list: Entry[]) => list.map((entry) => ({ action: entry.action, outcome: entry.outcome }));
    if (good !== null)
      expect({ id, added: brief(await walk(id, good, status)) }).toEqual({ id, added: line('accepted') });
    if (bad !== null)
      expect({ id, added: brief(await walk(id, bad, badStatus)) }).toEqual({ id, added: line('refused') });
    walked.add(id);
  }

  const command = async (verb: string, args: object, change: object = {}) =>
    signEnvelope(
      'command',
      {
        fleet: device.trust().fleet,
        node: node.identity.nodeId,
        verb,
        args,
        session: node.session,
        writer: randomId(systemRandom),
        counter: 1,
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
        replyKey: (await createStreamReceiver()).publicKey,
        ...change,
      },
      device.key.signer,
    );
  const answerNext = async () => {
    const { envelope } = await node.next('command');
    node.send({ type: 'command-result', command: itemHash(envelope as never), ok: true, fault: null, hello: null });
  };

  test('claim: the one that worked stands in the log, a second one is refused', async () => {
    expect((await entries()).filter((entry) => entry.action === 'core.claim')).toMatchObject([
      { outcome: 'accepted', actor: { kind: 'setup' } },
    ]);
    const genesis = device.trust().entries[0];
    await walkBoth('claim', null, { body: { secret: world.setupSecret, genesis }, session: null }, 409);
  });

  test('sessions: an opened one and a refused one; challenges and tickets leave nothing', async () => {
    const claimFor = (challenge: string) =>
      signEnvelope(
        'session',
        {
          fleet: device.trust().fleet,
          coreSpki: world.folder.spki,
          challenge,
          expiresAt: new Date(Date.now() + 60_000).toISOString(),
        },
        device.key.signer,
      );
    await walkBoth('createChallenge', { body: {} }, null, 0);
    await walkBoth('createTicket', { body: {} }, null, 0);
    const { json } = await device.call('createChallenge', { body: {} });
    const envelope = await claimFor(json.challenge);
    await walkBoth('createSession', { body: { envelope } }, { body: { envelope } }, 401);
  });

  test('trust, enrolment and objects', async () => {
    const other = await generateSigningKey();
    const identity = {
      nodeId: other.signer.keyId,
      name: 'second',
      signKey: other.publicKey,
      ageRecipient: (await generateSealingKey()).recipient,
      tlsSpki: sha256Hex(utf8('second')),
    };
    const entry = await device.addTrust({ kind: 'add-node', node: identity });
    const stray = await signTrustEntry(
      device.trust(),
      { kind: 'add-node', node: { ...identity, name: 'x' } },
      other.signer,
      {
        at: isoTime(systemClock),
        auditHead: null,
      },
    );
    await walkBoth('extendTrust', { body: { entries: [entry] } }, { body: { entries: [stray] } }, 403);

    const named = await device.addTrust({ kind: 'rename', what: 'node', id: identity.nodeId, name: 'third' });
    await walkBoth('presentTrust', { body: { entries: [named] } }, { body: { entries: [stray] } }, 403);

    const admit = Buffer.from('admit-part').toString('base64url');
    const admitHash = sha256Hex(utf8('admit-part'));
    const token = { admitHash, expiresAt: new Date(Date.now() + 60_000).toISOString() };
    const request = JSON.stringify({ node: identity });
    await walkBoth('registerToken', { body: token }, { body: token }, 409);
    await walkBoth(
      'requestEnrolment',
      { body: { admit, request, mac: 'AA' } },
      { body: { admit, request: `${request} `, mac: 'AA' } },
      409,
    );
    const { enrolments } = (await device.call('listEnrolments')).json;
    const found = enrolments.find((item: { admitHash: string }) => item.admitHash === admitHash);
    expect(found).toMatchObject({ lostRaces: 1, state: 'requested' });
    const params = { id: found.enrolment };
    await walkBoth(
      'refuseEnrolment',
      { params, body: { reason: 'not mine' } },
      { params: { id: randomId(systemRandom) }, body: { reason: '' } },
      409,
    );
    await walkBoth('waitEnrolment', { body: { admit } }, null, 0);

    const octets = utf8('an object');
    await walkBoth(
      'putObject',
      { params: { hash: sha256Hex(octets) }, octets },
      { params: { hash: 'a'.repeat(64) }, octets },
      400,
    );
    await walkBoth('missingObjects', { body: { hashes: ['a'.repeat(64)] } }, null, 0);
  });

  test('further devices: asked, answered, revealed and refused', async () => {
    const tablet = await world.newDevice();
    const about = { fleet: device.trust().fleet, device: tablet.identity('tablet', 'browser'), random: systemRandom };
    const own = commitDevice(about);
    const wish = { commitment: own.commitment, name: 'tablet', kind: 'browser' };
    await walkBoth('requestDevice', { body: wish, session: null }, null, 0);
    const [waiting] = (await device.call('listDeviceRequests')).json.requests;
    const params = { id: waiting.request };
    const { json } = await device.call('requestDevice', { body: wish, session: null });
    const { ticket } = json;
    const other = { id: json.request };
    const before = await lastSeq();
    const answered = device.call('answerDevice', { params: other, body: { nonce: createApprovalNonce(systemRandom) } });
    const seen = await device.call('waitDevice', { body: { ticket, seen: 'waiting' }, session: null });
    expect(seen.json.state).toBe('asked');
    const body = { ticket, identity: own.identity, nonce: own.nonce };
    await device.call('revealDevice', { body, session: null });
    await answered;
    expect((await entries(before)).map(({ action, outcome }) => [action, outcome])).toEqual([
      ['device.answer', 'accepted'],
      ['device.reveal', 'accepted'],
    ]);
    await walkBoth('revealDevice', { body }, { body: { ...body, nonce: createApprovalNonce(systemRandom) } }, 403);
    await walkBoth('answerDevice', { params, body: { refuse: 'not mine' } }, { params, body: { refuse: '' } }, 409);
    await walkBoth('waitDevice', { body: { ticket, seen: 'waiting' } }, null, 0);
  });

  test('rows: each push is one entry, whatever became of its rows', async () => {
    const update = new Uint8Array([0, 0]);
    const row = await signRow(
      {
        fleet: device.trust().fleet,
        trustHead: null,
        auditHead: null,
        doc: 'fleet',
        writer: randomId(systemRandom),
        seq: 2,
        prevHash: 'a'.repeat(64),
        update,
      },
      device.key.signer,
    );
    await walkBoth('createApp', { body: { rows: [row] } }, null, 0);
    const proposal = { note: 'please', changes: { name: 'wiki' } };
    expect(await walk('createApp', { body: { proposal } }, 202)).toMatchObject([
      { action: 'rows.push', outcome: 'accepted' },
    ]);
  });

  test('change sets of every verb, their proposals and refusals', async () => {
    const appId = randomId(systemRandom);
    const params = { id: appId };
    const proposal = { note: '', changes: {} };
    for (const verb of ['deploy', 'rollback', 'stop', 'start', 'remove'] as const) {
      const id = `${verb}App` as OperationId;
      const signed = await device.signDeploy({
        appId: randomId(systemRandom),
        node: node.identity.nodeId,
        body: appBody('web'),
        verb,
      });
      const releases = JSON.parse(Buffer.from(signed.changeSet.payload, 'base64').toString()).releases;
      const body = { changeSet: signed.changeSet, headers: signed.headers };
      const known = { id: releases[0].appId };
      await walkBoth(id, { params: known, body }, { params, body }, 400);
      expect(await walk(id, { params: known, body: { proposal } }, 202)).toMatchObject([
        { action: `app.${verb}`, outcome: 'accepted' },
      ]);
    }
  });

  test('proposals that are declined, once', async () => {
    const { proposals } = (await device.call('listProposals')).json;
    const params = { id: proposals[0].id };
    const body = { reason: 'not now' };
    await walkBoth('declineProposal', { params, body }, { params, body }, 409);
  });

  test('API tokens, made and ended by signed orders', async () => {
    const made = await device.signToken({ name: 'ci', verbs: ['read'] });
    await walkBoth('addToken', { body: { order: made.order } }, { body: { order: made.order } }, 409);
    const params = { id: made.tokenId };
    const ended = await device.signToken(null, made.tokenId);
    await walkBoth(
      'revokeToken',
      { params, body: { order: ended.order } },
      { params, body: { order: made.order } },
      403,
    );
  });

  test('commands: the order is written down before it leaves', async () => {
    const appId = randomId(systemRandom);
    const answers = (async () => {
      for (let i = 0; i < 4; i++) await answerNext();
    })();
    const stale = await command('volumes', { appId }, { expiresAt: '2020-01-01T00:00:00.000Z' });
    await walkBoth(
      'sendCommand',
      { body: { envelope: await command('volumes', { appId }) } },
      { body: { envelope: stale } },
      403,
    );
    await walkBoth(
      'testCloudflare',
      { body: { command: await command('dns-test', {}) } },
      { body: { command: stale } },
      400,
    );
    const params = { id: appId };
    await walkBoth(
      'openLogs',
      { params, body: { command: await command('logs', { appId }) } },
      { params, body: { command: stale } },
      400,
    );
    await walkBoth(
      'openNodeLogs',
      { params: { id: node.identity.nodeId }, body: { command: await command('agent-logs', {}) } },
      { params: { id: randomId(systemRandom) }, body: { command: await command('agent-logs', {}) } },
      403,
    );
    await answers;
  });

  test('LOG-26: each reading of logs in clear text', async () => {
    const appId = randomId(systemRandom);
    await device.deploy({ appId, node: node.identity.nodeId, body: appBody('read') });
    const { order, text, tokenId } = await device.signToken({ name: 'graphs', verbs: ['read'] });
    await device.call('addToken', { body: { order } });
    const to = { grantId: randomId(systemRandom), to: { tokenId } };
    const grant = await device.addTrust({
      ...{ kind: 'grant', role: 'viewer', verbs: ['clear-logs'], apps: [appId] },
      ...to,
    } as never);
    await device.call('extendTrust', { body: { entries: [grant] } });
    const answer = (async () => {
      const { command: asked, replyKey } = await node.next('clear-logs');
      const sender = await createStreamSender(replyKey, { commandHash: asked, signer: node.key.signer });
      node.send({ type: 'command-result', command: asked, ok: true, fault: null, hello: sender.hello });
      const frame = await sender.seal(new Uint8Array(), { last: true });
      node.send({ type: 'frame', command: asked, data: Buffer.from(frame).toString('base64') });
    })();
    const holder = { params: { id: appId }, session: null, headers: { authorization: `Bearer ${text}` } };
    await walkBoth('readLogs', holder, { params: { id: appId } }, 400);
    await answer;
  });

  test('statements for a node that asks', async () => {
    const about = node.identity.nodeId;
    const params = { id: about };
    await walkBoth(
      'vouchForNode',
      { params, body: { statement: await statement(device.key.signer, about) } },
      { params, body: { statement: await statement(device.key.signer, randomId(systemRandom)) } },
      403,
    );
  });

  test('jobs: retry and cancel', async () => {
    node.disconnect();
    const appId = randomId(systemRandom);
    for (let session: string | null = node.session; session !== null; ) {
      session = (await device.call('showNode', { params: { id: node.identity.nodeId } })).json.session;
    }
    const deployed = await device.deploy({ appId, node: node.identity.nodeId, body: appBody('web') });
    const params = { id: deployed.json.jobs[0] };
    await walkBoth('cancelJob', { params, body: {} }, { params: { id: randomId(systemRandom) }, body: {} }, 404);
    await walkBoth('retryJob', null, { params, body: {} }, 409);
    await node.connect();
  });

  test('link messages: what changes something durable leaves one entry, the rest none and says why', async () => {
    const appId = randomId(systemRandom);
    const deployed = await device.deploy({ appId, node: node.identity.nodeId, body: appBody('web') });
    await untilJob(device, deployed.json.jobs[0], 'running');
    const about = { appId, header: deployed.header, number: 1 };
    const proof = await node.entry('refused', deployed.header);
    const audit = await node.entry('started', null);
    const other = randomId(systemRandom);
    const all: { [T in NodeToCore['type']]?: NodeToCore } = {
      heartbeat: { type: 'heartbeat', facts: FACTS },
      step: {
        type: 'step',
        appId,
        header: deployed.header,
        step: 'pull',
        state: 'done',
        at: isoTime(systemClock),
        text: '',
      },
      trust: { type: 'trust', entries: [...device.trust().entries] as never },
      holding: {
        type: 'holding',
        hold: { holding: true, nonce: randomId(systemRandom), since: isoTime(systemClock), head: null, why: null },
      },
      statement: {
        type: 'statement',
        node: other,
        envelope: (await statement(node.key.signer, other)) as never,
      },
      'need-own-audit': { type: 'need-own-audit', afterSeq: 0 },
      'need-object': { type: 'need-object', hash: 'a'.repeat(64) },
      'need-chain': { type: 'need-chain', appId, afterNumber: 0 },
      'command-result': { type: 'command-result', command: 'a'.repeat(64), ok: true, fault: null, hello: null },
      frame: { type: 'frame', command: 'a'.repeat(64), data: '' },
      report: {
        type: 'report',
        envelope: (await signEnvelope(
          'report',
          { fleet: device.trust().fleet, node: node.identity.nodeId, seenAt: isoTime(systemClock), apps: [] },
          node.key.signer,
        )) as never,
      },
      audit: { type: 'audit', entries: [proof, audit] as never },
      outcome: {
        type: 'outcome',
        ...about,
        outcome: 'refused',
        awayMs: null,
        fault: { code: 'engine.absent', kind: 'transient', message: 'no engine', next: 'start it' },
        floor: null,
        proof: proof as never,
      },
    };
    expect(Object.keys(all).sort()).toEqual(Object.keys(linkRules).sort());
    for (const [type, message] of Object.entries(all)) {
      const rule = linkRules[type as keyof typeof linkRules];
      // The log is up to date already, so this one has no effect; the next test sends news.
      const promised = type === 'trust' || !('action' in rule.audit) ? [] : [rule.audit.action];
      const before = await lastSeq();
      node.send(message);
      await settled(node);
      expect({ type, added: (await entries(before)).map((entry) => entry.action) }).toEqual({ type, added: promised });
    }
    const again = await lastSeq();
    node.send(all.outcome as NodeToCore);
    node.send(all.audit as NodeToCore);
    await settled(node);
    expect(await entries(again)).toEqual([]);
    const params = { id: deployed.json.jobs[0] };
    await untilJob(device, deployed.json.jobs[0], 'failed');
    await walkBoth('retryJob', { params, body: {} }, null, 0);
  });

  test('a hello is one entry', async () => {
    const hellos = (await entries()).filter((entry) => entry.action === HELLO_ACTION);
    expect(hellos).toHaveLength(2);
  });

  test('the walk has met every operation that changes something', () => {
    const mutating = listOperations()
      .filter(({ method, audit }) => method !== 'GET' || 'action' in audit)
      .map((operation) => operation.id);
    expect(mutating.filter((id) => !walked.has(id))).toEqual([]);
    // What is read leaves nothing, but for the one reading that gives away what else is sealed.
    const told = listOperations().filter(({ method, audit }) => method === 'GET' && 'action' in audit);
    expect(told.map(({ id }) => id)).toEqual(['readLogs']);
  });
});

/** Messages of a node are handled in order: when a later question is answered, all before it are done. */
async function settled(node: TestNode): Promise<void> {
  const hash = sha256Hex(systemRandom.bytes(16));
  node.send({ type: 'need-object', hash });
  for (;;) {
    const answer = await node.next('object');
    if (answer.hash === hash) return;
  }
}
