import { fileURLToPath } from 'node:url';
import type { Running } from '#world/world.ts';
import { logShows } from '../../journeys/fleet.ts';
import type { Flood } from '../evil/flood-kinds.ts';
import { asks, isDown } from '../probes/served-owner.ts';
import type { AttackRow } from '../row.ts';
import { type FleetStage, HTTP_PORT, LINK_PORT } from '../world/fleet-world.ts';
import { crowdComesBack } from './crowd-of-nodes.ts';

/** Together ten thousand connections that stand open, and hundreds that ask and do not take. */
const floods: readonly Omit<Flood, 'host'>[] = [
  { port: HTTP_PORT, count: 4_500, kind: 'half-open' },
  { port: LINK_PORT, count: 4_500, kind: 'half-open' },
  { port: HTTP_PORT, count: 500, kind: 'slow-tls' },
  { port: LINK_PORT, count: 500, kind: 'slow-tls' },
  { port: HTTP_PORT, count: 200, kind: 'slow-read' },
];

async function begin(stage: FleetStage, flood: Flood, index: number): Promise<Running> {
  const file = fileURLToPath(new URL('../evil/flood.ts', import.meta.url));
  const argv = [process.execPath, '--no-warnings', file, JSON.stringify(flood)];
  const logFile = `${stage.folder}/flood-${index}.log`;
  const running = stage.processes.spawn(argv, { env: { PATH: process.env.PATH }, logFile });
  await logShows(running, /open \d+ of \d+/, 60_000);
  return running;
}

/** A8-35. */
export const floodsOfConnections: AttackRow<FleetStage> = {
  id: 35,
  attacks: [
    {
      name: 'ten thousand silent connections, slow greetings and readers that do not read',
      checks: ['stranger-limit'],
      async run(stage) {
        const core = await stage.core();
        const { host } = stage.disks;
        for (const [index, flood] of floods.entries()) await begin(stage, { host, ...flood }, index);
        return isDown(stage, core);
      },
    },
    crowdComesBack,
  ],
  honest: [
    {
      name: 'five hundred connections at once that ask and take are all answered',
      async run(stage) {
        await stage.core();
        const answers = await Promise.all(Array.from({ length: 500 }, () => asks(stage.disks.host)));
        const answered = answers.filter(Boolean).length;
        return { took: answered === 500, saw: `${answered} of 500 were answered` };
      },
    },
  ],
  controls: [
    {
      name: 'a core that stands still is found by the same look',
      async run(stage) {
        const core = await stage.core();
        core.kill('SIGSTOP');
        try {
          return await isDown(stage, core);
        } finally {
          core.kill('SIGCONT');
        }
      },
    },
  ],
};
