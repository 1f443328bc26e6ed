import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Proposal } from '#shared/contracts/rest/index.ts';
import {
  addToken,
  createCoreClient,
  deliver,
  draftApp,
  editApp,
  type Fleet,
  listTokens,
  planApp,
  planProblem,
  planProposal,
  readAppView,
  readFleetView,
  revokeToken,
  wishFromCompose,
  withSecrets,
} from '#shared/device/index.ts';
import { unwrap } from '#shared/kernel/index.ts';
import { createFolderCatalog } from '#shared/node/catalog.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { ApiTokenVerb } from '#shared/trust/index.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import { corePorts, deviceContext, openTestFleet } from './testing/device-fleet.ts';
import type { TestDevice } from './testing/test-device.ts';
import { joinNode } from './testing/test-node.ts';

const COMPOSE = `services:
  web:
    image: lab/web:1   # the page
`;

let world: CoreWorld;
let device: TestDevice;
let fleet: Fleet;
let replica: Replica;
const context = {
  ...deviceContext(),
  catalog: createFolderCatalog(),
  chooseAddress: async () => '203.0.113.7',
  level: () => fleet.sync(),
};

beforeEach(async () => {
  world = await createCoreWorld();
  device = await world.claim();
  await joinNode(world, device);
  fleet = await openTestFleet(world, device);
  replica = unwrap(await fleet.replica());
  unwrap(await fleet.sync());
});
afterEach(async () => {
  await fleet.close();
  await world.dispose();
});

/** A client that holds nothing but a token. */
async function tokenClient(verbs: ApiTokenVerb[]) {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const { text, token } = unwrap(await addToken(context, fleet, { name: 'ci', verbs, expiresAt }));
  const { http } = corePorts(world);
  return { token, client: createCoreClient({ http, signal: context.signal, token: text }) };
}

async function deployWeb(): Promise<string> {
  const wish = withSecrets(unwrap(wishFromCompose(COMPOSE)), new Map());
  const view = unwrap(await editApp(context, fleet, replica, { app: 'web', node: undefined, wish }));
  const planned = unwrap(await planApp(context, fleet, replica, view, { online: true, ...context }));
  const change = { name: 'web', lines: [], draft: draftApp(planned, 'deploy') };
  unwrap(await deliver(context, fleet, change, undefined));
  return view.appId;
}

const setEnv = async (appId: string, key: string) =>
  unwrap(await replica.edit(`app:${appId}`, (editor) => void editor.addItem('env', { key, value: 'x' })));

async function openProposal(): Promise<Proposal> {
  const listed = unwrap(await fleet.client.call('listProposals', { query: { state: 'awaiting-signature' } }));
  const [proposal] = listed.proposals;
  if (!proposal) throw new Error('no proposal waits');
  return proposal;
}

test('PRO-6: lines of a proposal are marked, those that waited are not; looking writes nothing', async () => {
  const appId = await deployWeb();
  await setEnv(appId, 'WAITED');
  const { client } = await tokenClient(['deploy']);
  const changes = { images: { web: 'lab/web:2' }, env: { LEVEL: 'debug' } };
  unwrap(await client.call('deployApp', { params: { id: appId }, body: { proposal: { note: 'new', changes } } }));
  const before = JSON.stringify(replica.snapshot(`app:${appId}`));
  const plan = unwrap(await planProposal(context, fleet, replica, await openProposal()));
  expect(plan.lines.map(({ line, isProposed }) => [line.id, isProposed])).toEqual([
    ['stack', true],
    ['image:web', true],
    ['env:WAITED', false],
    ['env:LEVEL', true],
  ]);
  expect(planProblem(plan.planned.plan).ok).toBe(true);
  expect(JSON.stringify(replica.snapshot(`app:${appId}`))).toBe(before);
});

test('PRO-6, PRO-3: what was shown is written, signed and linked with its job; the comment in the file stays', async () => {
  const appId = await deployWeb();
  const { client } = await tokenClient(['deploy', 'read']);
  const body = { proposal: { changes: { images: { web: 'lab/web:2' } } } };
  const made = unwrap(await client.call('deployApp', { params: { id: appId }, body }));
  const plan = unwrap(await planProposal(context, fleet, replica, await openProposal()));
  const { draft } = unwrap(await plan.accept());
  const delivered = unwrap(await deliver(context, fleet, { name: 'web', lines: [], draft }, undefined));
  expect(unwrap(readAppView(replica, appId)).compose).toBe(COMPOSE.replace('web:1', 'web:2'));
  const id = 'proposal' in made ? made.proposal.id : '';
  expect(unwrap(await client.call('showProposal', { params: { id } }))).toMatchObject({
    state: 'accepted',
    jobs: 'jobs' in delivered ? delivered.jobs : [],
  });
});

test('PRO-6: what was edited after the plan was shown is not signed unseen, and the proposal goes on waiting', async () => {
  const appId = await deployWeb();
  const { client } = await tokenClient(['deploy']);
  const body = { proposal: { changes: { env: { LEVEL: 'debug' } } } };
  unwrap(await client.call('deployApp', { params: { id: appId }, body }));
  const plan = unwrap(await planProposal(context, fleet, replica, await openProposal()));
  await setEnv(appId, 'SLIPPED_IN');
  expect(await plan.accept()).toMatchObject({ ok: false, error: { code: 'proposal.moved' } });
  expect(unwrap(readAppView(replica, appId)).env.map(({ key }) => key)).toEqual(['SLIPPED_IN']);
  expect((await openProposal()).state).toBe('awaiting-signature');
});

test('a new app of the catalogue is proposed without secrets; the device draws them when it accepts', async () => {
  const { client } = await tokenClient(['create']);
  const proposal = { changes: { name: 'feeds', catalog: { id: 'miniflux', inputs: {} } } };
  unwrap(await client.call('createApp', { body: { proposal } }));
  const plan = unwrap(await planProposal(context, fleet, replica, await openProposal()));
  expect(plan.lines.every(({ isProposed }) => isProposed)).toBe(true);
  expect(unwrap(readFleetView(replica)).apps).toEqual([]);
  const { draft, planned } = unwrap(await plan.accept());
  expect(planned.view.secrets.map(({ name }) => name)).toContain('admin_password');
  unwrap(await deliver(context, fleet, { name: 'feeds', lines: [], draft }, undefined));
  const { proposals } = unwrap(await fleet.client.call('listProposals'));
  expect(proposals).toMatchObject([{ state: 'accepted', appId: planned.view.appId, verb: 'create' }]);
});

test.each(['stop', 'remove', 'rollback'] as const)('PRO-3: a proposed %s is planned and accepted', async (verb) => {
  const appId = await deployWeb();
  const { client } = await tokenClient([verb]);
  const changes = verb === 'rollback' ? { to: 1 } : {};
  unwrap(await client.call(`${verb}App`, { params: { id: appId }, body: { proposal: { changes } } }));
  const plan = unwrap(await planProposal(context, fleet, replica, await openProposal()));
  const { draft } = unwrap(await plan.accept());
  expect(JSON.parse(draft.body)).toMatchObject({
    deleteVolumes: [],
    state: { stop: 'stopped', remove: 'removed', rollback: 'running' }[verb],
  });
  unwrap(await deliver(context, fleet, { name: 'web', lines: [], draft }, undefined));
  expect(unwrap(await fleet.client.call('listProposals')).proposals).toMatchObject([{ state: 'accepted' }]);
});

test('what can not be planned says so: an app that is gone, a name that is taken, a service that is not there', async () => {
  const appId = await deployWeb();
  const { client } = await tokenClient(['create', 'deploy']);
  const propose = async (id: 'createApp' | 'deployApp', changes: object) => {
    unwrap(await client.call(id, { params: { id: appId }, body: { proposal: { changes } } }));
    const proposal = await openProposal();
    const plan = await planProposal(context, fleet, replica, proposal);
    await fleet.client.call('declineProposal', { params: { id: proposal.id }, body: {} });
    return plan.ok ? 'planned' : plan.error.code;
  };
  expect(await propose('createApp', { name: 'web', compose: COMPOSE })).toBe('app.name-taken');
  expect(await propose('createApp', { name: 'wiki' })).toBe('proposal.unclear');
  expect(await propose('deployApp', { images: { api: 'lab/api:1' } })).toBe('compose.no-image');
  expect(await propose('deployApp', { compose: COMPOSE, catalog: { id: 'redis' } })).toBe('proposal.unclear');
});

test('TOK-1: a device lists tokens by what their orders say, and names one that the core made up', async () => {
  const { token } = await tokenClient(['read']);
  expect(unwrap(await listTokens(fleet))).toMatchObject([{ isSigned: true, token: { state: 'active' } }]);
  const held = world.running.core.tokens.get(token.tokenId);
  if (!held) throw new Error('the core holds the token');
  world.running.core.tokens.put({ ...held, token: { ...held.token, verbs: ['read', 'remove'] } });
  expect(unwrap(await listTokens(fleet))).toMatchObject([{ isSigned: false }]);
  expect(unwrap(await revokeToken(context, fleet, token.tokenId))).toMatchObject({ token: { state: 'revoked' } });
});
