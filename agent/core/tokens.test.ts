import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listOperations, type OperationId, TOKEN_SCHEME } from '#shared/contracts/rest/index.ts';
import { randomId, systemRandom } from '#shared/kernel/index.ts';
import { emptyCutoff } from '#shared/trust/index.ts';
import { appBody } from './testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import type { CallInput, TestDevice } from './testing/test-device.ts';
import { joinNode, type TestNode } from './testing/test-node.ts';
import { propose } from './usecases/propose.ts';
import { declineProposal, listProposals, showProposal } from './usecases/settle-proposal.ts';
import { submitChangeSet } from './usecases/submit-change-set.ts';

let world: CoreWorld;
let device: TestDevice;
let node: TestNode;

beforeEach(async () => {
  world = await createCoreWorld();
  device = await world.claim();
  node = await joinNode(world, device);
});
afterEach(async () => world.dispose());

/** Asks as the holder of a token would, or of any text. */
const ask = (text: string, id: OperationId, input: CallInput = {}) =>
  device.call(id, { ...input, session: null, headers: { authorization: `${TOKEN_SCHEME} ${text}` } });

async function makeToken(about: Parameters<TestDevice['signToken']>[0], by = device): Promise<string> {
  const { order, text } = await by.signToken(about);
  expect(await by.call('addToken', { body: { order } })).toMatchObject({ status: 201 });
  return text;
}

async function deployed(name = 'web'): Promise<string> {
  const appId = randomId(systemRandom);
  await device.deploy({ appId, node: node.identity.nodeId, body: appBody(name) });
  return appId;
}

/** TOK-2: the last 43 characters, which may hold `_` themselves. */
const secretOf = (text: string) => text.slice(-43);

const proposal = { note: 'from CI', changes: { images: { web: 'lab/web:2' } } };

describe('an API token', () => {
  test('TOK-1: is made by a signed order; nothing that the core keeps or tells holds its secret', async () => {
    const text = await makeToken({ name: 'ci', verbs: ['read', 'deploy'] });
    const listed = await device.call('listTokens');
    expect(listed.json.tokens).toMatchObject([{ name: 'ci', state: 'active', by: device.deviceId, lastUsedAt: null }]);
    expect(await ask(text, 'listApps')).toMatchObject({ status: 200, json: { apps: [] } });
    const secret = secretOf(text);
    const audit = await device.call('exportAudit');
    for (const told of [listed.text, audit.text, JSON.stringify(world.log)]) expect(told).not.toContain(secret);
    expect(audit.text).toContain('token.add');
  });

  test('TOK-1: an order that another device signed, or about another token, is refused and written down', async () => {
    const stranger = await world.newDevice();
    await stranger.takeTrust(device.trust().entries);
    const { order } = await stranger.signToken({ name: 'x', verbs: ['read'] });
    expect(await device.call('addToken', { body: { order } })).toMatchObject({ status: 403 });
    const made = await device.signToken({ name: 'ci', verbs: ['read'] });
    await device.call('addToken', { body: { order: made.order } });
    const other = await device.signToken(null);
    const params = { id: made.tokenId };
    expect(await device.call('revokeToken', { params, body: { order: other.order } })).toMatchObject({
      json: { code: 'token.wrong-order' },
    });
    expect(await ask(made.text, 'listNodes')).toMatchObject({ status: 200 });
  });

  test('TOK-1: a revoked one opens nothing, also after a restart, and its order does not make it again', async () => {
    const made = await device.signToken({ name: 'ci', verbs: ['read'] });
    await device.call('addToken', { body: { order: made.order } });
    const { order } = await device.signToken(null, made.tokenId);
    expect(await device.call('revokeToken', { params: { id: made.tokenId }, body: { order } })).toMatchObject({
      status: 200,
      json: { state: 'revoked' },
    });
    expect(await ask(made.text, 'listApps')).toMatchObject({ status: 401, json: { code: 'token.revoked' } });
    await world.restart();
    await device.openSession();
    expect(await ask(made.text, 'listApps')).toMatchObject({ status: 401, json: { code: 'token.revoked' } });
    expect(await device.call('addToken', { body: { order: made.order } })).toMatchObject({
      json: { code: 'token.id-taken' },
    });
  });

  test('TOK-5: ends with the device that made it, and lives on over a restart until then', async () => {
    const second = await world.newDevice();
    const entry = await device.addTrust({
      kind: 'add-device',
      device: second.identity('desk', 'desktop'),
      personId: [...device.trust().persons.keys()][0] ?? '',
    });
    await device.call('extendTrust', { body: { entries: [entry] } });
    await second.takeTrust(device.trust().entries);
    await second.openSession();
    const text = await makeToken({ name: 'ci', verbs: ['read'] }, second);
    await world.restart();
    await device.openSession();
    expect(await ask(text, 'listApps')).toMatchObject({ status: 200 });
    const revoked = await device.addTrust({
      kind: 'revoke-device',
      deviceId: second.deviceId,
      cutoff: emptyCutoff,
    });
    await device.call('extendTrust', { body: { entries: [revoked] } });
    expect(await ask(text, 'listApps')).toMatchObject({ status: 401, json: { code: 'token.orphaned' } });
  });

  test('TOK-6: of the whole table it opens what the table says and nothing else', async () => {
    const text = await makeToken({
      name: 'all',
      verbs: ['read', 'create', 'deploy', 'rollback', 'stop', 'start', 'remove'],
    });
    for (const operation of listOperations()) {
      if (operation.auth !== 'session') continue;
      const params = { id: randomId(systemRandom), hash: 'a'.repeat(64) };
      const body = operation.method === 'GET' ? {} : { body: {} };
      const answer = await ask(text, operation.id as OperationId, { params, ...body });
      const isRefused = answer.status === 403 && answer.json?.code === 'token.proposes-only';
      expect([operation.id, isRefused]).toEqual([operation.id, operation.token !== true]);
    }
  });

  test('TOK-6: a signed change set of its maker is no order when a token brings it', async () => {
    const text = await makeToken({ name: 'ci', verbs: ['deploy', 'create'] });
    const appId = randomId(systemRandom);
    const { changeSet, headers } = await device.signDeploy({ appId, node: node.identity.nodeId, body: appBody('web') });
    const sent = await ask(text, 'deployApp', { params: { id: appId }, body: { changeSet, headers } });
    expect(sent).toMatchObject({ status: 403, json: { code: 'token.proposes-only' } });
    expect((await device.call('listJobs')).json.jobs).toEqual([]);
    expect(await ask(text, 'createApp', { body: { rows: [changeSet] } })).toMatchObject({ status: 403 });
  });

  test('TOK-4: reads what it names and nothing beside it', async () => {
    const [mine, other] = [await deployed('mine'), await deployed('other')];
    const second = await joinNode(world, device, 'second');
    const text = await makeToken({ name: 'ci', verbs: ['read'], apps: [mine], nodes: [node.identity.nodeId] });
    const ids = async (id: OperationId, list: string, key: string) =>
      (await ask(text, id)).json[list].map((item: Record<string, string>) => item[key]);
    expect(await ids('listApps', 'apps', 'appId')).toEqual([mine]);
    expect(await ids('listNodes', 'nodes', 'nodeId')).toEqual([node.identity.nodeId]);
    expect(await ids('listJobs', 'jobs', 'appId')).toEqual([mine]);
    expect(await ask(text, 'showApp', { params: { id: other } })).toMatchObject({ status: 404 });
    expect(await ask(text, 'showNode', { params: { id: second.identity.nodeId } })).toMatchObject({ status: 404 });
    const foreign = (await device.call('listJobs', { query: { appId: other } })).json.jobs[0].id;
    expect(await ask(text, 'showJob', { params: { id: foreign } })).toMatchObject({ status: 404 });
    const blind = await makeToken({ name: 'blind', verbs: ['deploy'] });
    expect(await ask(blind, 'listApps')).toMatchObject({ status: 403, json: { code: 'token.not-allowed' } });
  });

  test('wrong ones are refused in one voice, and who tries many waits before the next is looked at', async () => {
    const text = await makeToken({ name: 'ci', verbs: ['read'] });
    const wrongSecret = `${text.slice(0, -6)}AAAAAA`;
    const wrongId = `ovt_${randomId(systemRandom)}_${secretOf(text)}`;
    for (const wrong of [wrongSecret, wrongId, 'ovt_', '', text.slice(1)])
      expect(await ask(wrong, 'listApps')).toMatchObject({ status: 401, json: { code: 'token.unknown' } });
    for (let i = 0; i < 5; i++) await ask(wrongSecret, 'listApps');
    const waited = await ask(text, 'listApps');
    expect(waited).toMatchObject({ status: 429, json: { code: 'request.too-many' } });
    expect(Number(waited.headers['retry-after'])).toBeGreaterThan(0);
    expect((await device.call('listAudit')).json.entries.some((entry: { fault: string }) => entry.fault)).toBe(false);
    expect(await device.call('listApps')).toMatchObject({ status: 200 });
  });
});

describe('a proposal', () => {
  test('PRO-1: of a token is kept with who asked, is written down, and queues nothing', async () => {
    const appId = await deployed();
    const jobs = (await device.call('listJobs')).json.jobs.length;
    const text = await makeToken({ name: 'ci', verbs: ['deploy'], apps: [appId] });
    const made = await ask(text, 'deployApp', { params: { id: appId }, body: { proposal } });
    expect(made).toMatchObject({ status: 202, json: { proposal: { state: 'awaiting-signature' } } });
    const params = { id: made.json.proposal.id };
    expect(await ask(text, 'showProposal', { params })).toMatchObject({
      json: { verb: 'deploy', appId, by: { kind: 'token', name: 'ci' }, content: proposal, jobs: [] },
    });
    expect((await device.call('listJobs')).json.jobs).toHaveLength(jobs);
    const { entries } = (await device.call('listAudit', { query: { order: 'newest', limit: '1' } })).json;
    expect(entries).toMatchObject([
      { action: 'app.deploy', actor: { kind: 'token' }, outcome: 'accepted', subject: { proposal: params.id } },
    ]);
  });

  test('PRO-1, TOK-4: outside of the limits of its token it is refused and written down', async () => {
    const [mine, other] = [await deployed('mine'), await deployed('other')];
    const text = await makeToken({ name: 'ci', verbs: ['deploy', 'create'], apps: [mine] });
    const tries: [OperationId, CallInput][] = [
      ['deployApp', { params: { id: other }, body: { proposal } }],
      ['stopApp', { params: { id: mine }, body: { proposal: { changes: {} } } }],
      ['createApp', { body: { proposal: { changes: { name: 'more' } } } }],
    ];
    for (const [id, input] of tries)
      expect(await ask(text, id, input)).toMatchObject({ status: 403, json: { code: 'token.not-allowed' } });
    expect((await device.call('listProposals')).json.proposals).toEqual([]);
    const { entries } = (await device.call('listAudit', { query: { order: 'newest', limit: '3' } })).json;
    expect(entries.map(({ fault }: { fault: string }) => fault)).toEqual(Array(3).fill('token.not-allowed'));
    const elsewhere = await makeToken({ name: 'else', verbs: ['deploy'], nodes: [randomId(systemRandom)] });
    expect(await ask(elsewhere, 'deployApp', { params: { id: mine }, body: { proposal } })).toMatchObject({
      status: 403,
    });
  });

  test('PRO-3: is accepted by the signed change set that names it, with its jobs, and once', async () => {
    const appId = await deployed();
    const text = await makeToken({ name: 'ci', verbs: ['deploy'] });
    const { json } = await ask(text, 'deployApp', { params: { id: appId }, body: { proposal } });
    const { id } = json.proposal;
    const body = appBody('web');
    const signed = await device.deploy({ appId, node: node.identity.nodeId, body, proposal: id });
    expect(signed.status).toBe(202);
    const shown = await ask(text, 'showProposal', { params: { id } });
    expect(shown.json).toMatchObject({
      state: 'accepted',
      jobs: signed.json.jobs,
      settled: { by: device.deviceId },
      changeSet: expect.stringMatching(/^[a-z2-7]{26}$/),
    });
    expect(await ask(text, 'showJob', { params: { id: signed.json.jobs[0] } })).toMatchObject({ status: 200 });
    const again = await device.deploy({ appId, node: node.identity.nodeId, body, proposal: id });
    expect(again).toMatchObject({ status: 409, json: { code: 'proposal.settled' } });
    const declined = await device.call('declineProposal', { params: { id }, body: {} });
    expect(declined).toMatchObject({ status: 409, json: { code: 'proposal.settled' } });
  });

  test('PRO-3: a change of another app or verb does not accept it, and is not queued', async () => {
    const [mine, other] = [await deployed('mine'), await deployed('other')];
    const { json } = await device.call('deployApp', { params: { id: mine }, body: { proposal } });
    const about = { node: node.identity.nodeId, body: appBody('web'), proposal: json.proposal.id };
    const jobs = (await device.call('listJobs')).json.jobs.length;
    for (const wrong of [
      { ...about, appId: other },
      { ...about, appId: mine, verb: 'stop' },
    ])
      expect(await device.deploy(wrong)).toMatchObject({ status: 403, json: { code: 'proposal.other-change' } });
    expect((await device.call('listJobs')).json.jobs).toHaveLength(jobs);
  });

  test('PRO-2: is declined with a reason, which its asker reads', async () => {
    const appId = await deployed();
    const text = await makeToken({ name: 'ci', verbs: ['deploy'] });
    const { json } = await ask(text, 'deployApp', { params: { id: appId }, body: { proposal } });
    const params = { id: json.proposal.id };
    const body = { reason: 'not on a Friday' };
    expect(await device.call('declineProposal', { params, body })).toMatchObject({ status: 200 });
    expect((await ask(text, 'showProposal', { params })).json).toMatchObject({
      state: 'declined',
      settled: { reason: 'not on a Friday' },
    });
  });

  test('PRO-5: a token sees its own alone, and at most 20 of one asker wait', async () => {
    const appId = await deployed();
    const [one, two] = [
      await makeToken({ name: 'one', verbs: ['deploy'] }),
      await makeToken({ name: 'two', verbs: ['deploy'] }),
    ];
    const propose = (text: string) => ask(text, 'deployApp', { params: { id: appId }, body: { proposal } });
    for (let i = 0; i < 20; i++) expect((await propose(one)).status).toBe(202);
    expect(await propose(one)).toMatchObject({ status: 409, json: { code: 'proposal.too-many' } });
    const { json } = await propose(two);
    expect((await ask(two, 'listProposals')).json.proposals).toHaveLength(1);
    const params = { id: json.proposal.id };
    expect(await ask(one, 'showProposal', { params })).toMatchObject({ status: 404 });
    const waiting = { query: { state: 'awaiting-signature' } };
    expect((await device.call('listProposals', waiting)).json.proposals).toHaveLength(21);
    await device.call('declineProposal', { params, body: {} });
    expect((await device.call('listProposals', waiting)).json.proposals).toHaveLength(20);
  });

  test('PRO-4: is expired after seven days, for who accepts, declines and looks; PRO-5: later it is forgotten', async () => {
    const appId = await deployed();
    const { json } = await device.call('deployApp', { params: { id: appId }, body: { proposal } });
    const { id } = json.proposal;
    const about = { appId, node: node.identity.nodeId, body: appBody('web'), proposal: id };
    const signed = await device.signDeploy(about);
    const core = { ...world.running.core };
    const caller = { deviceId: device.deviceId };
    core.clock = { nowMs: () => Date.parse(json.proposal.expiresAt) - 1 };
    expect(await showProposal(core, caller, id)).toMatchObject({ state: 'awaiting-signature' });
    core.clock = { nowMs: () => Date.parse(json.proposal.expiresAt) };
    expect(await showProposal(core, caller, id)).toMatchObject({ state: 'expired' });
    const isSettled = { fault: { code: 'proposal.settled' } };
    await expect(declineProposal(core, caller, id, '')).rejects.toMatchObject(isSettled);
    await expect(submitChangeSet(core, caller, { verb: 'deploy', appId }, signed)).rejects.toMatchObject(isSettled);
    const later = Date.parse(json.proposal.expiresAt) + 30 * 24 * 3_600_000;
    core.clock = { nowMs: () => later };
    await propose(core, caller, { verb: 'deploy', appId, action: 'app.deploy', content: proposal });
    expect(await listProposals(core, caller)).toHaveLength(1);
    await expect(showProposal(core, caller, id)).rejects.toMatchObject({ fault: { code: 'proposal.unknown' } });
  });

  test('PRO-7: that holds a secret, an exception or the deletion of data is refused by its form', async () => {
    const appId = await deployed();
    const params = { id: appId };
    for (const changes of [{ secrets: { token: 'x' } }, { exceptions: [] }, { files: {} }])
      expect(await device.call('deployApp', { params, body: { proposal: { changes } } })).toMatchObject({
        status: 400,
        json: { code: 'request.unknown-field' },
      });
    const deleting = { proposal: { changes: { deleteVolumes: ['data'] } } };
    expect(await device.call('removeApp', { params, body: deleting })).toMatchObject({ status: 400 });
    const large = {
      compose: 'a'.repeat(250_000),
      env: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`V${i}`, 'b'.repeat(30_000)])),
    };
    expect(await device.call('deployApp', { params, body: { proposal: { changes: large } } })).toMatchObject({
      status: 413,
      json: { code: 'request.too-large' },
    });
  });
});
