import { describe, expect, it } from 'vitest';
import { STEPS, useDeployedApp } from './deployed-app.ts';

const app = useDeployedApp();

describe.each(STEPS)('kill -9 at step %s of a deploy', (step) => {
  it(`P5: the node, killed at ${step}, finishes what it had accepted`, async () => {
    const deploy = await app.deployUntil(step);
    const fleet = app.fleet();
    fleet.node().kill('SIGKILL');
    await fleet.node().exited;
    await fleet.startNode();
    expect((await deploy.exited).code, deploy.log()).toBe(0);
    await app.converged();
  });
});

it('P3: after a power cut the node runs its apps, secrets and all, before anybody speaks to it', async () => {
  const fleet = app.fleet();
  fleet.core().kill('SIGKILL');
  await fleet.core().exited;
  await app.world().node.powerCut();
  await app.world().node.powerOn();
  await fleet.startNode();
  expect(await app.served()).toContain('a-secret-of-the-app');
  await fleet.startCore();
});
