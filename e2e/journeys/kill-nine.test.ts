import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#world/world.ts';
import {
  bringUpFleet,
  createLabFleet,
  enableIngressAndDns,
  eventually,
  type LabFleet,
  logShows,
  ownerCommand,
  productFolder,
} from './lab-fleet.ts';
import { createOutside } from './proofs.ts';

const HOST = 'web.lab.example';

/** Steps of a deploy at which a process is killed; each is seen in what the waiting CLI prints. */
const STEPS = ['verify', 'gates', 'secrets', 'pull', 'start', 'health', 'route', 'dns', 'certificate'] as const;

let world: World;
let fleet: LabFleet;
let version = 1;

function composeOf(image: string): string {
  return `services:\n  web:\n    image: ${image}\n    environment:\n      VERSION: \${VERSION:-0}\n    volumes: [data:/data]\nvolumes:\n  data: {}\n`;
}

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  await bringUpFleet(fleet);
  await enableIngressAndDns(fleet);
  const compose = await fleet.memoryFile('web.yaml', composeOf('lab/web:1'));
  const secret = await fleet.memoryFile('token', 'a-secret-of-the-app');
  const about = [
    '--node',
    'n1',
    '--host',
    HOST,
    '--service',
    'web',
    '--port',
    '8080',
    '--secret-file',
    `token=${secret}`,
    '--secret-use',
    'token=web:TOKEN',
  ];
  await fleet.ask(['apps', 'deploy', 'web', '--compose', compose, ...about, '--yes'], 180_000);
});
afterAll(() => world?.stop());

/** Starts a deploy that changes image and variable, and gives the CLI that follows it. */
async function startDeploy() {
  version++;
  const compose = await fleet.memoryFile('web.yaml', composeOf(`lab/web:${1 + (version % 2)}`));
  const args = ['apps', 'deploy', 'web', '--compose', compose, '--env', `VERSION=v${version}`, '--yes'];
  const { argv, env } = ownerCommand(fleet, args);
  return world.spawn('hub', argv, { env, name: `deploy-${version}` });
}

/** The state that counts: one container, the wanted version, reachable, with its secret. */
async function converged(): Promise<void> {
  const outside = createOutside(fleet);
  await eventually(
    `version v${version} serves`,
    async () => {
      const page = await outside.page(`https://${HOST}/env`);
      return page.body.includes(`v${version}`) && page.body.includes('a-secret-of-the-app') ? true : undefined;
    },
    60_000,
  );
  const containers = (await outside.engineObjects()).filter(
    (line) => line.startsWith('container') && /-web-\d+$/.test(line),
  );
  expect(containers).toHaveLength(1);
  const [job] = await fleet.ask<{ state: string; outcome: string }[]>(['jobs', 'list', '--limit', '1']);
  expect(job).toMatchObject({ state: 'done', outcome: 'succeeded' });
}

describe.each(STEPS)('kill -9 at step %s of a deploy', (step) => {
  it(`P5: the node, killed at ${step}, finishes what it had accepted`, async () => {
    const deploy = await startDeploy();
    await logShows(deploy, new RegExp(`\\b${step}\\b`), 60_000);
    fleet.node().kill('SIGKILL');
    await fleet.node().exited;
    await fleet.startNode();
    expect((await deploy.exited).code, deploy.log()).toBe(0);
    await converged();
  });

  it(`P5: the core, killed at ${step}, goes on where it stood`, async () => {
    const deploy = await startDeploy();
    await logShows(deploy, new RegExp(`\\b${step}\\b`), 60_000);
    fleet.core().kill('SIGKILL');
    await fleet.core().exited;
    await fleet.startCore();
    expect((await deploy.exited).code, deploy.log()).toBe(0);
    await converged();
  });
});

it('P3: after a power cut the node runs its apps, secrets and all, before anybody speaks to it', async () => {
  fleet.core().kill('SIGKILL');
  await fleet.core().exited;
  await world.node.powerCut();
  await world.node.powerOn();
  await fleet.startNode();
  const outside = createOutside(fleet);
  const page = await eventually(
    'the app after a power cut',
    async () => {
      const got = await outside.page(`https://${HOST}/env`);
      return got.body.includes(`v${version}`) ? got : undefined;
    },
    60_000,
  );
  expect(page.body).toContain('a-secret-of-the-app');
  await fleet.startCore();
});
