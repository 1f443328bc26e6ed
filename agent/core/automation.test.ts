import { afterEach, beforeEach, expect, test } from 'vitest';
import { randomId, systemRandom } from '#shared/kernel/index.ts';
import type { Grant } from '#shared/trust/index.ts';
import { appBody } from './testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import type { TestDevice } from './testing/test-device.ts';
import { joinNode } from './testing/test-node.ts';

let world: CoreWorld;
let owner: TestDevice;
let robot: TestDevice;
let node: string;
const [appId, grantId] = [randomId(systemRandom), randomId(systemRandom)];

beforeEach(async () => {
  world = await createCoreWorld();
  owner = await world.claim();
  node = (await joinNode(world, owner)).identity.nodeId;
  robot = await world.newDevice();
  const personId = [...owner.trust().persons.keys()][0] ?? '';
  await extend(await owner.addTrust({ kind: 'add-device', personId, device: robot.identity('ci', 'automation') }));
});
afterEach(() => world.dispose());

const extend = async (...entries: unknown[]) =>
  expect(await owner.call('extendTrust', { body: { entries } })).toMatchObject({ status: 200 });
/** The one grant of the robot; replaces the one before. */
const give = async (limits: Partial<Grant> = {}) => {
  const grant = { kind: 'grant', grantId, to: { deviceId: robot.deviceId }, role: 'operator', ...limits } as const;
  await extend(await owner.addTrust(grant));
  await robot.takeTrust(owner.trust().entries);
};
const codeOf = (answer: { status: number; json: { code?: string } }) => (answer.status < 300 ? 'ok' : answer.json.code);

test('SES-4: automation without a grant gets no session, and loses the one it has with its grant', async () => {
  await robot.takeTrust(owner.trust().entries);
  expect(codeOf(await robot.openSession())).toBe('trust.not-allowed');
  await give();
  expect(codeOf(await robot.openSession())).toBe('ok');
  expect(codeOf(await robot.call('listApps'))).toBe('ok');
  await give({ role: null });
  expect(await robot.call('listApps')).toMatchObject({ status: 401 });
});

test('SES-4: a session ends with the grant that lets it read', async () => {
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  await give({ expiresAt });
  expect((await robot.openSession()).json.expiresAt).toBe(expiresAt);
});

test('REL-18: the core asks for the verb that the body says, whatever the change set calls it', async () => {
  await give({ verbs: ['read', 'deploy'] });
  await robot.openSession();
  const about = { appId, node };
  expect(codeOf(await owner.deploy({ ...about, body: appBody('web') }))).toBe('ok');
  const [tip] = await world.store.durable.read.listHeaders({ appId, node });
  const next = { ...about, number: 2, previous: tip?.hash ?? null };
  const sent = async (body: object, verb = 'deploy') => codeOf(await robot.deploy({ ...next, body, verb }));
  expect(await sent(appBody('web', { state: 'stopped' }))).toBe('trust.not-allowed');
  expect(await sent(appBody('web', { state: 'removed' }))).toBe('trust.not-allowed');
  await give({ verbs: ['read', 'stop'] });
  expect(await sent(appBody('other'), 'stop')).toBe('trust.not-allowed');
  expect(await sent(appBody('web', { state: 'stopped' }), 'stop')).toBe('ok');
});
