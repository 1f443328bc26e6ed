import { afterEach, beforeEach, expect, test } from 'vitest';
import { TOKEN_SCHEME } from '#shared/contracts/rest/index.ts';
import { fault, isoTime, randomId, systemClock, systemRandom, utf8 } from '#shared/kernel/index.ts';
import { createStreamSender } from '#shared/trust/index.ts';
import { appBody } from './testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import type { TestDevice } from './testing/test-device.ts';
import { joinNode, type TestNode } from './testing/test-node.ts';

let world: CoreWorld;
let owner: TestDevice;
let node: TestNode;
let text: string;
let tokenId: string;
const [appId, other] = [randomId(systemRandom), randomId(systemRandom)];

beforeEach(async () => {
  world = await createCoreWorld();
  owner = await world.claim();
  node = await joinNode(world, owner);
  for (const id of [appId, other])
    await owner.deploy({ appId: id, node: node.identity.nodeId, body: appBody(id === appId ? 'web' : 'other') });
  const made = await owner.signToken({ name: 'graphs', verbs: ['read'], apps: [appId] });
  ({ text } = made);
  tokenId = (await owner.call('addToken', { body: { order: made.order } })).json.tokenId;
  await node.connect();
});
afterEach(async () => {
  node.disconnect();
  await world.dispose();
});

const grant = async (apps: string[]) => {
  const entry = { kind: 'grant', grantId: randomId(systemRandom), to: { tokenId }, role: 'viewer' } as const;
  const entries = [await owner.addTrust({ ...entry, verbs: ['clear-logs'], apps })];
  expect(await owner.call('extendTrust', { body: { entries } })).toMatchObject({ status: 200 });
};
const read = (id: string, query: Record<string, string> = {}) =>
  owner.call('readLogs', {
    params: { id },
    query,
    session: null,
    headers: { authorization: `${TOKEN_SCHEME} ${text}` },
  });

/** What a node answers to the next question, sealed to the key that stands in it. */
async function answer(lines: readonly string[]): Promise<unknown> {
  const asked = await node.next('clear-logs');
  const sender = await createStreamSender(asked.replyKey, { commandHash: asked.command, signer: node.key.signer });
  const tell = { command: asked.command, fault: null };
  node.send({ type: 'command-result', ...tell, ok: true, hello: sender.hello });
  const at = { service: 'web', stream: 'stdout', time: isoTime(systemClock) };
  for (const line of lines) {
    const sealed = await sender.seal(
      utf8(`${JSON.stringify({ ...at, line: Buffer.from(line).toString('base64') })}\n`),
    );
    node.send({ type: 'frame', command: asked.command, data: Buffer.from(sealed).toString('base64') });
  }
  const last = await sender.seal(new Uint8Array(), { last: true });
  node.send({ type: 'frame', command: asked.command, data: Buffer.from(last).toString('base64') });
  return asked;
}

test('LOG-26: a token reads the logs of an app that an owner granted to it, and each time is in the audit', async () => {
  await grant([appId]);
  const reading = read(appId, { tail: '5', service: 'web' });
  const many = Array.from({ length: 40 }, (_, index) => `line ${index} – é`);
  expect(await answer(many)).toMatchObject({ tokenId, appId, args: { tail: 5, follow: false, service: 'web' } });
  const got = await reading;
  expect(got.status).toBe(200);
  const lines = got.text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).line)).toEqual(many);
  const { entries } = (await owner.call('listAudit', { query: { after: '0', limit: '1000' } })).json;
  expect(entries.filter(({ action }: { action: string }) => action === 'logs.read')).toMatchObject([
    { actor: { kind: 'token', id: tokenId }, subject: { app: appId, node: node.identity.nodeId } },
  ]);
});

test('LOG-26: not without the grant, not beyond the token, and not for a device', async () => {
  expect(await read(appId)).toMatchObject({ status: 403, json: { code: 'trust.logs-not-granted' } });
  await grant([other]);
  expect(await read(appId)).toMatchObject({ status: 403, json: { code: 'trust.logs-not-granted' } });
  expect((await read(other)).status).toBeGreaterThanOrEqual(400);
  expect(await owner.call('readLogs', { params: { id: appId } })).toMatchObject({ json: { code: 'logs.tokens-only' } });
  expect(node.received.filter(({ type }) => type === 'clear-logs')).toEqual([]);
});

test('LOG-26: what the node refuses, and a node that goes away, are told', async () => {
  await grant([appId]);
  const reading = read(appId);
  const { command } = await node.next('clear-logs');
  const why = fault('trust.logs-not-granted', 'denied', 'not here', 'ask the owner');
  node.send({ type: 'command-result', command, ok: false, fault: why as never, hello: null });
  expect(await reading).toMatchObject({ status: 403, json: { code: 'trust.logs-not-granted' } });
  const cut = read(appId);
  await node.next('clear-logs');
  node.disconnect();
  expect(await cut).toMatchObject({ status: 503, json: { code: 'command.cut-off' } });
});

test('LOG-26: a stream that the node did not sign is not passed on', async () => {
  await grant([appId]);
  const reading = read(appId);
  const { command, replyKey } = await node.next('clear-logs');
  const sender = await createStreamSender(replyKey, { commandHash: command, signer: owner.key.signer });
  node.send({ type: 'command-result', command, ok: true, fault: null, hello: sender.hello });
  expect(await reading).toMatchObject({ json: { code: 'stream.broken' } });
});
