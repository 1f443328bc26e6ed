/**
 * The lab by hand:
 *   node e2e/world/cli.ts provision               fetch and build what is missing
 *   node e2e/world/cli.ts up [--id ID]            start a world and keep it until Ctrl-C or `down`
 *   node e2e/world/cli.ts exec [--id ID] hub|n1|n2 COMMAND…
 *   node e2e/world/cli.ts info [--id ID]          addresses and folders, as JSON
 *   node e2e/world/cli.ts down [--id ID]
 */
import { spawn } from 'node:child_process';
import { lab } from './addresses.ts';
import { attachWorld } from './attach.ts';
import { LabError } from './cache/lab-error.ts';
import { provisionWorld } from './cache/provision.ts';
import { poll, startTimeOf } from './processes.ts';
import { startWorld } from './world.ts';

const note = (line: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);

async function main(argv: string[]): Promise<void> {
  const [verb, ...rest] = argv;
  const id = rest[0] === '--id' ? rest.splice(0, 2)[1] : undefined;
  if (verb === 'provision') return provisionWorld(note);
  if (verb === 'up') return up(id);
  if (verb === 'exec') return exec(id, rest);
  if (verb === 'info') return console.log(JSON.stringify(info(id), null, 2));
  if (verb === 'down') return down(id);
  console.error('usage: cli.ts provision | up | exec hub|n1|n2 COMMAND… | info | down   [--id ID after the verb]');
  process.exitCode = 2;
}

async function up(id: string | undefined): Promise<void> {
  const started = performance.now();
  await provisionWorld(note);
  // Ctrl-C while parts are made ends at once; from here on it also cleans up.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  // A promise alone does not keep Node running.
  const alive = setInterval(() => undefined, 3_600_000);
  const world = await startWorld({ ...(id ? { id } : {}), note });
  note(`world ${world.id} is up after ${Math.round(performance.now() - started)} ms; Ctrl-C or \`down\` ends it`);
  await ended;
  await world.stop();
  note(`world ${world.id} is gone`);
  clearInterval(alive);
}

function exec(id: string | undefined, [place, ...argv]: string[]): void {
  if (place !== 'hub' && place !== 'n1' && place !== 'n2')
    throw new LabError('exec', `there is no place ${place}`, 'say hub, n1 or n2');
  const [program = '', ...args] = [...attachWorld(id).enter(place), ...argv];
  const child = spawn(program, args, { stdio: 'inherit' });
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

function info(id: string | undefined): object {
  const { folder, hubFolder, cloudflare, acme, starterPid, id: worldId } = attachWorld(id);
  return {
    id: worldId,
    folder,
    hubFolder,
    cloudflare,
    acme,
    starterPid,
    hub: lab.hub,
    n1: lab.node(1),
    zones: lab.zones,
  };
}

async function down(id: string | undefined): Promise<void> {
  const { starterPid } = attachWorld(id);
  process.kill(starterPid, 'SIGTERM');
  await poll(() => (startTimeOf(starterPid) ? undefined : true));
}

main(process.argv.slice(2)).catch((e: unknown) => {
  console.error(e instanceof LabError ? e.message : e);
  process.exit(1);
});
