import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CoreWorld } from '#agent/core/testing/core-world.ts';
import { createHostWorld, type HostWorld } from '#agent/core/testing/host-world.ts';
import { letIn, type TestScreen } from '#agent/core/testing/test-host.ts';
import type { TestNode } from '#agent/core/testing/test-node.ts';
import { unwrap } from '#shared/kernel/index.ts';

const COMPOSE = 'services:\n  web:\n    image: nginx:1.27\n';

let made: HostWorld;
let world: CoreWorld;
let screen: TestScreen;
let node: TestNode;
beforeEach(async () => {
  made = await createHostWorld();
  ({ world, node, screen } = made);
});
afterEach(() => made.dispose());

const nodeId = () => node.identity.nodeId;
const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code);
const create = (compose: string, on: TestScreen = screen) =>
  on.call('createApp', { name: 'web', nodeId: nodeId(), source: { kind: 'compose', compose } });

/** Confirms a plan and lets the node finish it. */
async function deploy(planId: string): Promise<void> {
  const sent = unwrap(await screen.call('confirmPlan', { planId }));
  if (sent.outcome !== 'sent') throw new Error('the core is there');
  const release = await node.next('release');
  const jobs = screen.follow('jobs');
  const job = sent.jobs[0] ?? '';
  await jobs.until(() => jobs.rows.get(job)?.state === 'running');
  const header = jobs.rows.get(job)?.header ?? '';
  await node.outcome({ appId: release.appId, header, number: sent.number }, 'succeeded');
  await jobs.until(() => jobs.rows.get(job)?.state === 'done');
  jobs.stop();
}

test('P7: a secret with another value says where the old one runs, until the app is deployed again', async () => {
  const { appId } = unwrap(await create(COMPOSE));
  const uses = [{ as: 'env' as const, service: 'web', env: 'TOKEN' }];
  const secrets = screen.follow('secrets');
  const apps = screen.follow('apps');
  const set = async (value: string) => unwrap(await screen.call('setSecret', { appId, name: 'token', value, uses }));
  const plans = screen.follow('plan', { appId });
  const deployEdits = async (line: string) => {
    await plans.until(() => plans.value()?.plan?.lines.some(({ text }) => text === line) === true);
    await deploy(plans.value()?.plan?.planId ?? '');
  };
  const row = () => [...secrets.rows.values()][0];
  await set('one');
  await secrets.until(() => row()?.edited === true);
  expect(row()).toMatchObject({ version: 1, old: null });
  const shown = 'token, given to web as TOKEN';
  await deployEdits(shown);
  await secrets.until(() => row()?.edited === false);
  expect(row()).toMatchObject({ old: null });
  await set('two');
  await secrets.until(() => row()?.version === 2);
  expect(row()).toMatchObject({ edited: true, old: { nodeName: 'cellar', runs: 1, signed: false } });
  expect(apps.rows.get(appId)).toMatchObject({ edited: true, oldSecrets: ['token'] });
  await deployEdits(`${shown} (new value; the one before runs until this is deployed)`);
  await secrets.until(() => row()?.edited === false);
  await apps.until(() => apps.rows.get(appId)?.oldSecrets.length === 0);
  expect(row()).toMatchObject({ version: 2, old: null });
});

describe('a new app', () => {
  test('that gives no plan is not left behind: its name is free for the next try', async () => {
    const apps = screen.follow('apps');
    const refused = await create('services:\n  web:\n    command: ["true"]\n');
    expect(code(refused)).toBe('compose.no-image');
    const made = unwrap(await create(COMPOSE));
    await apps.until(() => apps.rows.has(made.appId));
    expect([...apps.rows.values()].map(({ name }) => name)).toEqual(['web']);
    expect(code(await create(COMPOSE))).toBe('app.name-taken');
  });

  test('P7: of the catalogue is rendered with what was typed, its secrets drawn and sealed', async () => {
    const made = unwrap(
      await screen.call('createApp', {
        name: 'feeds',
        nodeId: nodeId(),
        source: { kind: 'catalog', id: 'miniflux', inputs: {} },
      }),
    );
    expect(made.plan).toMatchObject({ verb: 'deploy', base: null });
    expect(made.plan.stack?.after).toContain('miniflux');
    const secrets = screen.follow('secrets');
    await secrets.until(() => secrets.rows.size > 0);
    const [secret] = [...secrets.rows.values()];
    const { value } = unwrap(await screen.call('revealSecret', { appId: made.appId, name: secret?.name ?? '' }));
    expect(value.length).toBeGreaterThan(11);
    expect(JSON.stringify(made)).not.toContain(value);
    const apps = screen.follow('apps');
    await apps.until(() => apps.rows.get(made.appId)?.source.kind === 'catalog');
    const unknown = { kind: 'catalog' as const, id: 'nothing', inputs: {} };
    expect(code(await screen.call('createApp', { name: 'x', nodeId: nodeId(), source: unknown }))).toBe(
      'catalog.unknown-app',
    );
  });
});

describe('what an operator may not sign', () => {
  test('P1, P4: deleting data is planned with the command of an owner, and a secret that it set is signed by one', async () => {
    const { appId, plan } = unwrap(await create(COMPOSE));
    await deploy(plan.planId);
    const guest = await letIn(world, screen, { kind: 'browser' });
    made.add(guest);
    const operator = guest.screen();
    const deleting = operator.call('planOrder', { appId, verb: 'remove', deleteData: { confirmName: 'web' } });
    await node.answerValue({ volumes: [{ name: `ov_${appId}_data`, sizeBytes: 4_096 }] });
    const removal = unwrap(await deleting);
    expect(removal.ownerCommand).toBe('overseer apps remove web --delete-data');
    expect(removal.deletes).toMatchObject([{ volume: expect.stringContaining('data') }]);
    expect(code(await operator.call('confirmPlan', { planId: removal.planId }))).toBe('plan.needs-owner');
    expect(unwrap(await operator.call('planOrder', { appId, verb: 'remove' })).ownerCommand).toBeNull();

    // A secret that an operator set is signed by an owner's device: its sealed copies are at the core by then.
    const uses = [{ as: 'env' as const, service: 'web', env: 'TOKEN' }];
    unwrap(await operator.call('setSecret', { appId, name: 'token', value: 'canary', uses }));
    const mine = operator.follow('plan', { appId });
    await mine.until(() => mine.value()?.plan?.lines.some(({ subject }) => subject === 'secret') ?? false);
    const theirs = screen.follow('plan', { appId });
    await theirs.until(() => theirs.value()?.plan?.planId === mine.value()?.plan?.planId);
    await expect
      .poll(async () => {
        const { entries } = unwrap(await screen.call('listAudit', {}));
        return entries.filter(({ action, by }) => action === 'object.put' && by.includes('guest')).length;
      })
      .toBe(2);
    await deploy(theirs.value()?.plan?.planId ?? '');
  });
});

describe('a restart', () => {
  test('is a command to its node, of one service or of all', async () => {
    const { appId, plan } = unwrap(await create(COMPOSE));
    await deploy(plan.planId);
    const restarting = screen.call('restartApp', { appId, service: 'web' });
    expect(await node.answerValue(null)).toEqual({ verb: 'restart', args: { appId, service: 'web' } });
    expect(unwrap(await restarting)).toEqual({});
    const all = screen.call('restartApp', { appId });
    expect(await node.answerValue(null)).toEqual({ verb: 'restart', args: { appId } });
    expect(unwrap(await all)).toEqual({});
    await world.stop();
    const session = screen.follow('session');
    await session.until(() => session.value()?.core.contact.state === 'away');
    expect(code(await screen.call('restartApp', { appId }))).toBe('core.unreachable');
    await world.resume();
  });
});
