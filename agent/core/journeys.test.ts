import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { STREAM_PROTOCOL } from '#shared/contracts/rest/index.ts';
import { SYNC_PROTOCOL } from '#shared/contracts/sync/messages.ts';
import { randomId, sha256Hex, systemClock, systemRandom, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createReplica } from '#shared/replica/index.ts';
import { createMemoryReplicaStore } from '#shared/testing/memory-replica-store.ts';
import {
  createStreamReceiver,
  createStreamSender,
  type Envelope,
  itemHash,
  signEnvelope,
} from '#shared/trust/index.ts';
import { appBody } from './testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import { nextMessage, readSocket, type SocketReader } from './testing/socket-reader.ts';
import { createTestDevice, type TestDevice } from './testing/test-device.ts';
import { joinNode } from './testing/test-node.ts';
import { untilJob } from './testing/until-job.ts';

let world: CoreWorld;
beforeEach(async () => {
  world = await createCoreWorld();
});
afterEach(() => world.dispose());

describe('claim', () => {
  test('a wrong code, a second claim and a genesis for another core are refused, each by its code', async () => {
    const port = () => world.running.httpPort;
    const stranger = await createTestDevice({ port, spki: world.folder.spki });
    const wrong = await stranger.claim('AAAAAAAAAAAAAAAAAAAAAA', new Date().toISOString());
    expect(wrong).toMatchObject({ status: 403, json: { code: 'claim.wrong-code', kind: 'denied' } });
    const misled = await createTestDevice({ port, spki: 'a'.repeat(64) });
    const other = await misled.claim(world.setupSecret, new Date().toISOString());
    expect(other).toMatchObject({ status: 403, json: { code: 'claim.wrong-core' } });
    await world.claim();
    const late = await stranger.claim(world.setupSecret, new Date().toISOString());
    expect(late).toMatchObject({ status: 409, json: { code: 'claim.already-claimed' } });
    stranger.close();
    misled.close();
  });

  test('of ten claims at once with the right code one wins', async () => {
    const port = () => world.running.httpPort;
    const devices = await Promise.all(
      Array.from({ length: 10 }, () => createTestDevice({ port, spki: world.folder.spki })),
    );
    const answers = await Promise.all(
      devices.map((device) => device.claim(world.setupSecret, new Date().toISOString())),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    for (const device of devices) device.close();
  });
});

describe('requests', () => {
  test('what is wrong is named: unknown field, bad field, no JSON, no session, unknown path, too large', async () => {
    const device = await world.claim();
    const unknown = await device.call('registerToken', {
      body: { admitHash: 'a'.repeat(64), expiresAt: new Date().toISOString(), nmae: 'x' },
    });
    expect(unknown).toMatchObject({ status: 400, json: { code: 'request.unknown-field', field: 'nmae' } });
    const bad = await device.call('registerToken', { body: { admitHash: 'xyz', expiresAt: new Date().toISOString() } });
    expect(bad).toMatchObject({ status: 400, json: { code: 'request.invalid', field: 'admitHash' } });
    const proto = await device.call('createTicket', {
      octets: utf8('{"__proto__":{}}'),
      headers: { 'content-type': 'application/json' },
    });
    expect(proto).toMatchObject({ status: 400, json: { code: 'request.malformed-json' } });
    expect(await device.call('listNodes', { session: null })).toMatchObject({
      status: 401,
      json: { code: 'session.required' },
    });
    expect(await device.call('listNodes', { session: 'AAAA' })).toMatchObject({ status: 401 });
    const large = await device.call('createTicket', { body: { x: 'y'.repeat(70_000) } });
    expect(large).toMatchObject({ status: 413, json: { code: 'request.too-large' } });
    expect(unknown.headers['content-type']).toContain('application/problem+json');
    expect(await device.call('showJob', { params: { id: randomId(systemRandom) } })).toMatchObject({ status: 404 });
  });

  test('a session ends with the process, and a challenge serves once', async () => {
    const device = await world.claim();
    await world.restart();
    expect(await device.call('listNodes')).toMatchObject({ status: 401 });
    expect(await device.openSession()).toMatchObject({ status: 201 });
    expect(await device.call('listNodes')).toMatchObject({ status: 200, json: { nodes: [] } });
  });
});

describe('nodes', () => {
  test('a token serves one node; who comes second is told and counted', async () => {
    const device = await world.claim();
    const admit = Buffer.from('the admit part').toString('base64url');
    const admitHash = sha256Hex(utf8('the admit part'));
    await device.call('registerToken', { body: { admitHash, expiresAt: new Date(Date.now() + 60_000).toISOString() } });
    const identity = device.trust().genesis?.device;
    const request = (name: string) =>
      JSON.stringify({
        node: {
          nodeId: identity?.deviceId,
          name,
          signKey: identity?.signKey,
          ageRecipient: identity?.ageRecipient,
          tlsSpki: 'a'.repeat(64),
        },
      });
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        device.call('requestEnrolment', { body: { admit, request: request(`n${i}`), mac: 'AA' }, session: null }),
      ),
    );
    expect(asked.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(asked.filter((answer) => answer.json.code === 'enrol.token-used')).toHaveLength(19);
    const { enrolments } = (await device.call('listEnrolments')).json;
    expect(enrolments[0]).toMatchObject({ lostRaces: 19 });
  });

  test('status is unknown after a start of the core until the node is heard', async () => {
    const device = await world.claim();
    const node = await joinNode(world, device);
    const status = async () => (await device.call('listNodes')).json.nodes[0].status;
    expect(await status()).toBe('unknown');
    await node.connect();
    expect(await status()).toBe('online');
    node.disconnect();
    await world.restart();
    await device.openSession();
    const { json } = await device.call('listNodes');
    expect(json.nodes[0]).toMatchObject({ status: 'unknown', facts: { hostname: 'box' } });
    expect(json.nodes[0].lastSeenAt).not.toBeNull();
  });
});

describe('releases', () => {
  test('P5: a deploy for a node that is away waits through a restart of the core and says for whom', async () => {
    const device = await world.claim();
    const node = await joinNode(world, device, 'cellar');
    const appId = randomId(systemRandom);
    const { json, header } = await device.deploy({ appId, node: node.identity.nodeId, body: appBody('web') });
    await world.restart();
    await device.openSession();
    const waiting = await untilJob(device, json.jobs[0], 'queued');
    expect(waiting.steps.at(-1)).toMatchObject({
      name: 'queue',
      text: expect.stringContaining('waiting for node cellar'),
    });
    await node.connect();
    expect(await node.next('release')).toMatchObject({ appId });
    await world.restart();
    await device.openSession();
    expect(await node.next('release')).toMatchObject({ appId, job: json.jobs[0] });
    await node.outcome({ appId, header, number: 1 }, 'rolled-back', { awayMs: 10 });
    await node.next('outcome-ack');
    expect(await untilJob(device, json.jobs[0], 'failed')).toMatchObject({ outcome: 'rolled-back' });
    node.disconnect();
  });

  test('a release that does not follow the last one is a clash and names the last one', async () => {
    const device = await world.claim();
    const node = await joinNode(world, device);
    const about = { appId: randomId(systemRandom), node: node.identity.nodeId, body: appBody('web') };
    const first = await device.deploy(about);
    const same = await device.deploy({ ...about, number: 1, previous: null });
    expect(same).toMatchObject({
      status: 409,
      json: { code: 'release.not-next', facts: { number: '1', header: first.header } },
    });
    const gap = await device.deploy({ ...about, number: 3, previous: 'a'.repeat(64) });
    expect(gap).toMatchObject({ status: 409 });
    const missing = await device.deploy({
      ...about,
      body: appBody('web', { secrets: [{ name: 'password', sha256: 'b'.repeat(64), uses: [] }] }),
    });
    expect(missing).toMatchObject({ status: 409, json: { code: 'object.missing', facts: { hash: 'b'.repeat(64) } } });
    expect(await device.deploy(about)).toMatchObject({ status: 202 });
  });

  test('the same change set again gives the same jobs; two jobs of one app never run at once', async () => {
    const device = await world.claim();
    const node = await joinNode(world, device);
    await node.connect();
    const about = { appId: randomId(systemRandom), node: node.identity.nodeId, body: appBody('web') };
    const signed = await device.signDeploy(about);
    const body = { changeSet: signed.changeSet, headers: signed.headers };
    const call = () => device.call('deployApp', { params: { id: about.appId }, body });
    const [first, again] = [await call(), await call()];
    expect(again.json).toEqual(first.json);
    await untilJob(device, first.json.jobs[0], 'running');
    const second = await device.deploy({ ...about, number: 2, previous: signed.header });
    await node.next('release');
    const waiting = await untilJob(device, second.json.jobs[0], 'queued');
    expect(waiting.steps.at(-1)?.text ?? '').toMatch(/waiting for job|^$/);
    expect(await device.call('cancelJob', { params: { id: first.json.jobs[0] }, body: {} })).toMatchObject({
      status: 409,
      json: { code: 'job.not-queued' },
    });
    await node.outcome({ appId: about.appId, header: signed.header, number: 1 }, 'succeeded');
    const next = await node.next('release');
    expect(next.chain).toHaveLength(1);
    await untilJob(device, second.json.jobs[0], 'running');
    expect(node.received.filter((message) => message.type === 'release')).toHaveLength(2);
    node.disconnect();
  });

  test('P1: an outcome without the proof of that node changes nothing', async () => {
    const device = await world.claim();
    const node = await joinNode(world, device);
    await node.connect();
    const appId = randomId(systemRandom);
    const { json, header } = await device.deploy({ appId, node: node.identity.nodeId, body: appBody('web') });
    await node.next('release');
    const lie = await node.entry('failed', header);
    node.send({
      type: 'outcome',
      appId,
      header,
      number: 1,
      outcome: 'succeeded',
      awayMs: 0,
      fault: null,
      floor: null,
      proof: lie as never,
    });
    await node.outcome({ appId, header, number: 1 }, 'failed');
    await node.next('outcome-ack');
    expect(await untilJob(device, json.jobs[0], 'failed')).toMatchObject({ outcome: 'failed' });
    const { entries } = (await device.call('listAudit', { query: { limit: '1000' } })).json;
    const outcomes = entries.filter((entry: { action: string }) => entry.action === 'release.outcome');
    expect(outcomes.map((entry: { outcome: string }) => entry.outcome)).toEqual(['refused', 'accepted']);
    node.disconnect();
  });

  test('a deploy with a route is probed, and a probe that finds nothing does not fail it', async () => {
    const device = await world.claim();
    const node = await joinNode(world, device);
    await node.connect();
    const appId = randomId(systemRandom);
    const route = { routeId: randomId(systemRandom), hostname: 'app.invalid', service: 'web', port: 80 };
    const { json, header } = await device.deploy({
      appId,
      node: node.identity.nodeId,
      body: appBody('web', { routes: [route] }),
    });
    await node.next('release');
    await node.outcome({ appId, header, number: 1 }, 'succeeded');
    const job = await untilJob(device, json.jobs[0], 'done');
    expect(job.steps.filter((step: { name: string }) => step.name === 'probe').at(-1)).toMatchObject({
      state: 'failed',
    });
    const { routes } = (await device.call('listRoutes')).json;
    expect(routes).toMatchObject([{ url: 'https://app.invalid', appName: 'web', status: 'unknown' }]);
    node.disconnect();
  });
});

describe('streams', () => {
  test('P1: a log stream goes through the core sealed, with credits back to the node', async () => {
    const device = await world.claim();
    const node = await joinNode(world, device);
    await node.connect();
    const appId = randomId(systemRandom);
    const receiver = await createStreamReceiver();
    const command = await signEnvelope(
      'command',
      {
        fleet: device.trust().fleet,
        node: node.identity.nodeId,
        verb: 'logs',
        args: { appId },
        session: node.session,
        writer: randomId(systemRandom),
        counter: 1,
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
        replyKey: receiver.publicKey,
      },
      device.key.signer,
    );
    const opened = await device.call('openLogs', { params: { id: appId }, body: { command } });
    expect(opened).toMatchObject({ status: 202, json: { stream: itemHash(command) } });
    await node.next('command');
    const hash = itemHash(command);
    const sender = await createStreamSender(receiver.publicKey, { commandHash: hash, signer: node.key.signer });
    node.send({ type: 'command-result', command: hash, ok: true, fault: null, hello: sender.hello });
    node.send({
      type: 'frame',
      command: hash,
      data: Buffer.from(await sender.seal(utf8('secret line'), { last: true })).toString('base64'),
    });
    const socket = readSocket(await device.webSocket(`/api/v1/streams/${hash}`, STREAM_PROTOCOL));
    const result = await nextMessage(socket);
    expect(result).toMatchObject({ type: 'result', ok: true });
    unwrap(await receiver.begin({ hello: result.hello, commandHash: hash, nodeSignKey: node.key.publicKey }));
    const frame = await nextMessage(socket);
    expect(Buffer.from(frame.data, 'base64').toString()).not.toContain('secret line');
    expect(unwrap(await receiver.open(Buffer.from(frame.data, 'base64')))).toMatchObject({ last: true });
    socket.send({ type: 'credit', frames: 4 });
    expect(await node.next('credit')).toMatchObject({ command: hash, frames: 4 });
    socket.socket.close();
    expect(await node.next('cancel')).toMatchObject({ command: hash });
    node.disconnect();
  });

  test('a command for a node that is away is refused at once, never queued', async () => {
    const device = await world.claim();
    const node = await joinNode(world, device);
    const envelope = await signEnvelope(
      'command',
      {
        fleet: device.trust().fleet,
        node: node.identity.nodeId,
        verb: 'volumes',
        args: {},
        session: node.session,
        writer: randomId(systemRandom),
        counter: 1,
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
        replyKey: null,
      },
      device.key.signer,
    );
    expect(await device.call('sendCommand', { body: { envelope } })).toMatchObject({
      status: 503,
      json: { code: 'node.away' },
    });
  });
});

describe('sync', () => {
  test('P2: rows are verified, durable before their ack, relayed to other replicas and kept over a restart', async () => {
    const device = await world.claim();
    const open = async (): Promise<SocketReader> => readSocket(await device.webSocket('/api/v1/sync', SYNC_PROTOCOL));
    const hello = { type: 'hello', version: '0.1.0', trustHead: device.trust().head, heads: {} };
    const [writer, reader] = [await open(), await open()];
    for (const socket of [writer, reader]) {
      socket.send(hello);
      expect(await nextMessage(socket)).toMatchObject({ type: 'synced' });
    }
    const row = await firstRow(device, 'app:'.concat(randomId(systemRandom)));
    const forged = { ...row, signatures: [{ keyid: device.deviceId, sig: `${'A'.repeat(86)}==` }] };
    writer.send({ type: 'push', id: randomId(systemRandom), rows: [forged] });
    expect(await nextMessage(writer)).toMatchObject({
      type: 'ack',
      accepted: [],
      refused: [{ fault: { kind: 'denied' } }],
    });
    writer.send({ type: 'push', id: randomId(systemRandom), rows: [row] });
    expect(await nextMessage(reader)).toMatchObject({ type: 'rows', rows: [row] });
    const answers = [await nextMessage(writer), await nextMessage(writer)];
    expect(answers.find((message) => message.type === 'ack')).toMatchObject({ accepted: [itemHash(row)], refused: [] });
    writer.socket.close();
    reader.socket.close();
    await world.restart();
    await device.openSession();
    const late = await open();
    late.send(hello);
    expect(await nextMessage(late)).toMatchObject({ type: 'rows', rows: [row] });
    expect(await nextMessage(late)).toMatchObject({ type: 'synced' });
    late.socket.close();
    const { apps } = (await device.call('listApps')).json;
    expect(apps).toMatchObject([{ name: 'wiki', number: 0 }]);
  });

  test('a WebSocket without a ticket, with a used one or with another subprotocol is refused', async () => {
    const device = await world.claim();
    await expect(device.webSocket('/api/v1/sync', 'something.else')).rejects.toThrow('400');
    await expect(device.webSocket('/api/v1/nowhere', SYNC_PROTOCOL)).rejects.toThrow('404');
  });
});

async function firstRow(device: TestDevice, doc: string): Promise<Envelope> {
  const replica = unwrap(
    await createReplica({
      writer: randomId(systemRandom),
      signer: device.key.signer,
      store: createMemoryReplicaStore(),
      trust: device.trust,
      auditHead: () => null,
      clock: systemClock,
      random: systemRandom,
    }),
  );
  unwrap(await replica.edit(doc, (editor) => editor.set('name', 'wiki')));
  return replica.unacked()[0] as Envelope;
}
