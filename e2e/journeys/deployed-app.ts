import { afterAll, beforeAll, expect } from 'vitest';
import { type Running, startWorld, type World } from '#world/world.ts';
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

/** Steps of a deploy at which a process is killed; each is seen in what the waiting CLI prints. */
export const STEPS = ['verify', 'gates', 'secrets', 'pull', 'start', 'health', 'route', 'dns', 'certificate'] as const;

const HOST = 'web.lab.example';

/** One app with route, volume and secret in a world of its own, deployed anew again and again. */
export interface DeployedApp {
  world(): World;
  fleet(): LabFleet;
  /** Deploys it with another image and variable, and gives the waiting CLI once that has shown `step`. */
  deployUntil(step: string): Promise<Running>;
  /** Checks the state that counts: one container, the wanted version, reachable, with its secret. */
  converged(): Promise<void>;
  /** Waits until the wanted version is served, and gives what it serves. */
  served(): Promise<string>;
}

/** The app for the tests of one file. */
export function useDeployedApp(): DeployedApp {
  let world: World;
  let fleet: LabFleet;
  let version = 1;

  beforeAll(async () => {
    world = await startWorld({ product: productFolder });
    fleet = createLabFleet(world);
    await bringUpFleet(fleet);
    await enableIngressAndDns(fleet);
    const compose = await fleet.memoryFile('web.yaml', composeOf('lab/web:1'));
    const secret = await fleet.memoryFile('token', 'a-secret-of-the-app');
    const route = ['--node', 'n1', '--host', HOST, '--service', 'web', '--port', '8080'];
    const secrets = ['--secret-file', `token=${secret}`, '--secret-use', 'token=web:TOKEN'];
    await fleet.ask(['apps', 'deploy', 'web', '--compose', compose, ...route, ...secrets, '--yes'], 180_000);
  });
  afterAll(() => world?.stop());

  const served = async (): Promise<string> => {
    const outside = createOutside(fleet);
    return eventually(
      `version v${version} serves`,
      async () => {
        const page = await outside.page(`https://${HOST}/env`);
        return page.body.includes(`v${version}`) ? page.body : undefined;
      },
      60_000,
    );
  };

  return {
    world: () => world,
    fleet: () => fleet,
    served,
    async deployUntil(step) {
      version++;
      const compose = await fleet.memoryFile('web.yaml', composeOf(`lab/web:${1 + (version % 2)}`));
      const args = ['apps', 'deploy', 'web', '--compose', compose, '--env', `VERSION=v${version}`, '--yes'];
      const { argv, env } = ownerCommand(fleet, args);
      const deploy = await world.spawn('hub', argv, { env, name: `deploy-${version}` });
      await logShows(deploy, new RegExp(`\\b${step}\\b`), 60_000);
      return deploy;
    },
    async converged() {
      expect(await served()).toContain('a-secret-of-the-app');
      const containers = (await createOutside(fleet).engineObjects()).filter(
        (line) => line.startsWith('container') && /-web-\d+$/.test(line),
      );
      expect(containers).toHaveLength(1);
      const [job] = await fleet.ask<{ state: string; outcome: string }[]>(['jobs', 'list', '--limit', '1']);
      expect(job).toMatchObject({ state: 'done', outcome: 'succeeded' });
    },
  };
}

function composeOf(image: string): string {
  return `services:\n  web:\n    image: ${image}\n    environment:\n      VERSION: \${VERSION:-0}\n    volumes: [data:/data]\nvolumes:\n  data: {}\n`;
}
