import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHostWorld, type HostWorld } from '#agent/core/testing/host-world.ts';
import type { TestScreen } from '#agent/core/testing/test-host.ts';
import { propose } from '#agent/core/usecases/propose.ts';
import { unwrap } from '#shared/kernel/index.ts';

const COMPOSE = 'services:\n  web:\n    image: nginx:1.27\n';

let made: HostWorld;
let screen: TestScreen;
let appId = '';
beforeEach(async () => {
  made = await createHostWorld();
  ({ screen } = made);
  const source = { kind: 'compose' as const, compose: COMPOSE };
  const created = unwrap(await screen.call('createApp', { name: 'web', nodeId: made.node.identity.nodeId, source }));
  appId = created.appId;
  unwrap(await screen.call('confirmPlan', { planId: created.plan.planId }));
});
afterEach(() => made.dispose());

/** Leaves a wish at the core, as this device's own would be: without an envelope it is a proposal, whoever asks. */
async function ask(changes: object): Promise<string> {
  const { core } = made.world.running;
  const [deviceId = ''] = [...core.trust.current().devices.keys()];
  const about = { verb: 'deploy', appId, action: 'app.deploy', content: { note: 'build 42', changes } } as const;
  const { proposal } = await propose(core, { deviceId }, about);
  return proposal.id;
}

test('PRO-6: a proposal is a row, then a plan with its lines apart, then a job; and no row any more', async () => {
  const rows = screen.follow('proposals');
  const id = await ask({ images: { web: 'nginx:1.28' } });
  await rows.until(() => rows.rows.has(id));
  expect(rows.rows.get(id)).toMatchObject({ verb: 'deploy', appName: 'web', note: 'build 42' });
  const plan = unwrap(await screen.call('planProposal', { id }));
  expect(plan.asked).toMatchObject({ proposal: id, lines: ['stack', 'image:web'] });
  const apps = screen.follow('apps');
  await apps.until(() => apps.rows.get(appId)?.edited === false);
  expect(unwrap(await screen.call('confirmPlan', { planId: plan.planId }))).toMatchObject({
    outcome: 'sent',
    number: 2,
  });
  await rows.until(() => rows.rows.size === 0);
  await apps.until(() => apps.rows.get(appId)?.edited === false);
});

test('PRO-2: a declined one is no row any more, and its plan can not be confirmed', async () => {
  const rows = screen.follow('proposals');
  const id = await ask({ env: { LEVEL: 'debug' } });
  await rows.until(() => rows.rows.has(id));
  const plan = unwrap(await screen.call('planProposal', { id }));
  unwrap(await screen.call('declineProposal', { id, reason: 'not now' }));
  await rows.until(() => rows.rows.size === 0);
  expect(await screen.call('confirmPlan', { planId: plan.planId })).toMatchObject({
    ok: false,
    error: { code: 'proposal.settled' },
  });
  const app = screen.follow('app', { appId });
  await app.until(() => app.value() !== undefined);
  expect(app.value()?.row.edited).toBe(false);
});
