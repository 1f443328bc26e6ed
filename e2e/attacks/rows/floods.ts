import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { Running } from '#world/world.ts';
import { logShows } from '../../journeys/fleet.ts';
import type { Flood } from '../evil/flood-kinds.ts';
import type { AttackRow, Verdict } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';

const HTTPS = 7443;
const LINK = 7444;
/** Beyond this an owner no longer works with his fleet, in milliseconds: a command starts a program and takes a second by itself. */
const PATIENCE_MS = 15_000;
/** What ten thousand open connections cost by themselves: 93 KB each, as a bare server of Node was measured (C3). */
const MOST_MEMORY_MB = 1_000;
const TRIES = 3;

/** Together ten thousand connections that stand open, and hundreds that ask and do not take. */
const floods: readonly Omit<Flood, 'host'>[] = [
  { port: HTTPS, count: 4_500, kind: 'half-open' },
  { port: LINK, count: 4_500, kind: 'half-open' },
  { port: HTTPS, count: 500, kind: 'slow-tls' },
  { port: LINK, count: 500, kind: 'slow-tls' },
  { port: HTTPS, count: 200, kind: 'slow-read' },
];

async function begin(stage: FleetStage, flood: Flood, index: number): Promise<Running> {
  const file = fileURLToPath(new URL('../evil/flood.ts', import.meta.url));
  const argv = [process.execPath, '--no-warnings', file, JSON.stringify(flood)];
  const logFile = `${stage.folder}/flood-${index}.log`;
  const running = stage.processes.spawn(argv, { env: { PATH: process.env.PATH }, logFile });
  await logShows(running, /open \d+ of \d+/, 60_000);
  return running;
}

/** Resident memory of a process in MB; `unshare` has become the program it started. */
function memoryMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1_024;
}

/** Whether an owner can no longer work: a command of his does not end well in time, or the core swells or ends. */
async function isDown(stage: FleetStage, core: Running): Promise<Verdict> {
  const owner = stage.owner();
  const took: number[] = [];
  for (let time = 0; time < TRIES; time++) {
    const from = performance.now();
    const answer = await owner.cli(['jobs', 'list', '--json'], { timeoutMs: PATIENCE_MS });
    if (answer.code !== 0)
      return { took: true, saw: `a command of the owner ended with ${answer.code}: ${answer.stderr}` };
    took.push(performance.now() - from);
  }
  if (!core.isRunning()) return { took: true, saw: 'the core has ended' };
  const memory = memoryMb(core.pid);
  const slowest = Math.round(Math.max(...took));
  const saw = `slowest command ${slowest} ms, core ${Math.round(memory)} MB`;
  return { took: memory > MOST_MEMORY_MB, saw };
}

/** A connection that asks as browsers do, and is answered. */
function asks(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: HTTPS, rejectUnauthorized: false }, () =>
      socket.write(`GET /api/core HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (part) => {
      text += String(part);
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(text.startsWith('HTTP/1.1 ')));
  });
}

/** A8-35: limits of sockets and time-outs, no check that a build could be without. */
export const floodsOfConnections: AttackRow<FleetStage> = {
  id: 35,
  attacks: [
    {
      name: 'ten thousand silent connections, slow greetings and readers that do not read',
      checks: [],
      async run(stage) {
        const core = await stage.core();
        const { host } = stage.disks;
        for (const [index, flood] of floods.entries()) await begin(stage, { host, ...flood }, index);
        return isDown(stage, core);
      },
    },
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
