import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  draftApp,
  editApp,
  type Fleet,
  findApp,
  followAutomation,
  NO_WISH,
  type PlannedApp,
  planApp,
  planLines,
  submitChange,
  wishFromCompose,
} from '#shared/device/index.ts';
import { type Result, randomId, systemRandom, unwrap } from '#shared/kernel/index.ts';
import type { Grant } from '#shared/trust/index.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import { deviceContext, openTestFleet } from './testing/device-fleet.ts';
import type { TestDevice } from './testing/test-device.ts';
import { joinNode } from './testing/test-node.ts';

const COMPOSE = 'services:\n  web:\n    image: registry.example/app:1\n';
const context = deviceContext();
let world: CoreWorld;
let owner: TestDevice;
let robot: TestDevice;
let owners: Fleet;
let robots: Fleet;
let appId: string;

beforeEach(async () => {
  world = await createCoreWorld();
  owner = await world.claim();
  await joinNode(world, owner);
  robot = await world.newDevice();
  owners = await openTestFleet(world, owner);
  await editWeb({ ...unwrap(wishFromCompose(COMPOSE)).wish, env: new Map([['LEVEL', 'info']]) });
  expect((await deploy(owners, await planWhole())).number).toBe(1);
  const { trust } = owners;
  const device = robot.identity('ci', 'automation');
  const personId = [...trust().persons.keys()][0] ?? '';
  const grant = { grantId: randomId(systemRandom), to: { deviceId: robot.deviceId }, role: 'operator' } as const;
  const content: Grant['content'] = { images: ['registry.example/app'], fields: ['env.LEVEL'] };
  const entries = [
    await owner.addTrust({ kind: 'add-device', personId, device }),
    await owner.addTrust({ kind: 'grant', ...grant, apps: [appId], content }),
  ];
  expect(await owner.call('extendTrust', { body: { entries } })).toMatchObject({ status: 200 });
  await robot.takeTrust(owner.trust().entries);
  robots = await openTestFleet(world, robot, 'automation');
});
afterEach(async () => {
  await owners.close();
  await robots.close();
  await world.dispose();
});

async function editWeb(wish: Parameters<typeof editApp>[3]['wish']): Promise<void> {
  const replica = unwrap(await owners.replica());
  unwrap(await owners.sync());
  appId = unwrap(await editApp(context, owners, replica, { app: 'web', node: undefined, wish })).appId;
  unwrap(await owners.sync());
}
async function planWhole(): Promise<PlannedApp> {
  const replica = unwrap(await owners.replica());
  unwrap(await owners.sync());
  const view = unwrap(findApp(replica, 'web'));
  return unwrap(await planApp(context, owners, replica, view, { online: true, chooseAddress: async () => undefined }));
}
const deploy = async (fleet: Fleet, planned: PlannedApp) =>
  unwrap(await submitChange(fleet, context, draftApp(planned, 'deploy')));
const lines = (images: Record<string, string>, env: Record<string, string> = {}) => ({
  images: new Map(Object.entries(images)),
  env: new Map(Object.entries(env)),
});
async function planOf(wanted: ReturnType<typeof lines>): Promise<PlannedApp> {
  const replica = unwrap(await robots.replica());
  unwrap(await robots.sync());
  return unwrap(await planLines(context, robots, unwrap(findApp(replica, 'web')), wanted));
}
const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code);

test('REL-17: automation signs the last release with its own lines, and what waits unsigned stays out of it', async () => {
  await editWeb({ ...NO_WISH, env: new Map([['OTHER', 'not signed yet']]) });
  const planned = await planOf(lines({ web: 'registry.example/app:2' }, { LEVEL: 'debug' }));
  expect(planned.plan.lines.map(({ subject }) => subject)).toEqual(['stack', 'image', 'env']);
  expect(await deploy(robots, planned)).toMatchObject({ number: 2 });
  expect(planned.body).toMatchObject({ env: { LEVEL: 'debug' }, images: { web: { ref: 'registry.example/app:2' } } });
  expect(planned.body.env).not.toHaveProperty('OTHER');
});

test("P2: a person's next plan goes on from what automation deployed, and writes it down when it is signed", async () => {
  await editWeb({ ...NO_WISH, env: new Map([['OTHER', 'mine']]) });
  await deploy(robots, await planOf(lines({ web: 'registry.example/app:2' }, { LEVEL: 'debug' })));
  const planned = await planWhole();
  expect(planned.plan.lines.map(({ text }) => text)).toEqual(['OTHER=mine']);
  const replica = unwrap(await owners.replica());
  expect(unwrap(findApp(replica, 'web')).compose).toBe(COMPOSE);
  unwrap(await followAutomation(replica, appId, planned.base?.byAutomation));
  expect(await deploy(owners, planned)).toMatchObject({ number: 3 });
  expect(unwrap(findApp(replica, 'web')).compose).toBe(COMPOSE.replace('app:1', 'app:2'));
  expect((await planWhole()).plan.lines).toEqual([]);
});

test('REL-17: the core refuses what the grant does not name before a job is made, and says so', async () => {
  const sent = async (wanted: ReturnType<typeof lines>) =>
    codeOf(await submitChange(robots, context, draftApp(await planOf(wanted), 'deploy')));
  expect(await sent(lines({ web: 'evil.example/app:2' }))).toBe('release.content-not-granted');
  expect(await sent(lines({}, { OTHER: 'x' }))).toBe('release.content-not-granted');
  expect(await sent(lines({ web: 'registry.example/app:2' }))).toBe('ok');
});

test('REL-17: automation edits nothing: a row of its own is not taken', async () => {
  const replica = unwrap(await robots.replica());
  unwrap(await robots.sync());
  await replica.edit(`app:${appId}`, (editor) => editor.set('state', 'stopped'));
  await robots.sync();
  unwrap(await owners.sync());
  expect(unwrap(findApp(unwrap(await owners.replica()), 'web')).state).toBe('running');
});
