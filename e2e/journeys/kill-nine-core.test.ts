import { describe, expect, it } from 'vitest';
import { STEPS, useDeployedApp } from './deployed-app.ts';

const app = useDeployedApp();

describe.each(STEPS)('kill -9 at step %s of a deploy', (step) => {
  it(`P5: the core, killed at ${step}, goes on where it stood`, async () => {
    const deploy = await app.deployUntil(step);
    const fleet = app.fleet();
    fleet.core().kill('SIGKILL');
    await fleet.core().exited;
    await fleet.startCore();
    expect((await deploy.exited).code, deploy.log()).toBe(0);
    await app.converged();
  });
});
