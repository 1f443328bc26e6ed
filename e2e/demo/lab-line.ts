import type { World } from '#world/world.ts';
import { bringUpFleet, createLabFleet, enableIngressAndDns, type LabFleet } from '../journeys/lab-fleet.ts';
import { createOutside } from '../journeys/proofs.ts';
import type { DemoPlace } from './demo-place.ts';
import type { StepRunner } from './step-table.ts';

const HOST = 'feeds.lab.example';
const URL = `https://${HOST}`;

interface JobJson {
  outcome: string;
  number: number;
}

/**
 * init, claim, join, ingress, DNS, and Miniflux from the catalogue at its own https address. Gives the fleet and the
 * fingerprint of its core.
 */
export async function deployLine(world: World, runner: StepRunner): Promise<{ fleet: LabFleet; spki: string }> {
  const fleet = createLabFleet(world);
  const outside = createOutside(fleet);
  let spki = '';
  await runner.step('fleet', async () => {
    const notes: string[] = [];
    ({ spki } = await bringUpFleet(fleet, (note) => notes.push(note)));
    return notes.join('; ');
  });
  await runner.step('ingress and DNS', async () => {
    await enableIngressAndDns(fleet);
    return 'Traefik runs, the Cloudflare token may do all it must';
  });
  await runner.step('deploy Miniflux', async () => {
    const job = await fleet.ask<JobJson>(
      [
        'apps',
        'deploy',
        'feeds',
        '--catalog',
        'miniflux',
        '--node',
        'n1',
        '--host',
        HOST,
        '--input',
        'log_level=debug',
        '--yes',
      ],
      300_000,
    );
    return `release ${job.number} ${job.outcome}`;
  });
  await runner.step('seen from outside: DNS', async () => {
    const address = await outside.address(HOST);
    if (address !== world.node.ipv4) throw new Error(`${HOST} points at ${address}`);
    return `${HOST} is ${address}`;
  });
  await runner.step('seen from outside: https', async () => {
    const page = await outside.page(`${URL}/`);
    if (!/miniflux/i.test(page.body)) throw new Error(`no login page: ${page.status} ${page.body.slice(0, 200)}`);
    return `login page over TLS by ${page.issuer}`;
  });
  return { fleet, spki };
}

/** The lab as the place of the proofs: DNS, ACME and Cloudflare's double are looked at from the hub. */
export function labPlace(fleet: LabFleet): DemoPlace {
  const { world } = fleet;
  const outside = createOutside(fleet);
  return {
    owner: fleet,
    url: URL,
    deployOptions: [],
    memoryFile: fleet.memoryFile,
    page: (path, options) => outside.page(`${URL}${path}`, options),
    docker: async (args) => {
      const answer = await world.docker(args);
      if (answer.code !== 0) throw new Error(answer.stderr);
      return answer.stdout;
    },
    records: async () => (await outside.records()).filter((line) => line.includes('feeds')),
    appFiles: async (appId) => {
      const find = `find /var/lib/overseer /run/overseer -path '*${appId}*' -type f | head`;
      return (await world.exec('n1', ['sh', '-c', find])).stdout.split('\n').filter((line) => line !== '');
    },
    diskFolders: () => world.diskPaths(),
  };
}
