import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Running } from '#world/world.ts';
import { eventually } from '../../journeys/fleet.ts';
import { type BareFleet, copyOf, deployArguments } from '../bare-fleet.ts';
import { lookIntoCore, lookIntoNode } from '../look-into.ts';
import type { Row } from '../row.ts';

const STILL_MS = 5_000;

/** SIGSTOP: a process that is there and does not answer is worse than one that is gone. */
export const standingStill: Row = {
  id: 'stop',
  title: 'SIGSTOP of core, node or CLI in the middle of a publish',
  async run(grounds) {
    const fleet = await grounds.bare();
    const problems: string[] = [];
    let acknowledged = 0;
    let lost = 0;
    const times: string[] = [];
    for (const role of ['core', 'node', 'device'] as const) {
      const one = await stopOne(fleet, role);
      acknowledged += one.acknowledged;
      lost += one.lost;
      times.push(`${role} back ${(one.backMs / 1_000).toFixed(1)} s after SIGCONT`);
      problems.push(...one.problems.map((problem) => `${role}: ${problem}`));
      grounds.note(times.at(-1) ?? '');
    }
    return { points: 3, acknowledged, lost, figures: times.join(', '), problems };
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    await fleet.startCore();
    await fleet.cli(await deployArguments(fleet, '2'));
    await fleet.rest();
    return { seen: await isLossSeen(fleet), what: 'a release taken out of the store by hand' };
  },
};

/** Takes the last release out of a copy of the core's store and asks the judgement. */
export async function isLossSeen(fleet: BareFleet): Promise<boolean> {
  const copy = copyOf(fleet.coreFolder, 'planted');
  const before = await lookIntoCore(copy);
  const header = before.releases.at(-1)?.header ?? '';
  const database = new Database(join(copy, 'durable.db'));
  database.prepare('DELETE FROM headers WHERE hash = ?').run(header);
  database.close();
  const after = await lookIntoCore(copy);
  return before.mixed.length === 0 && !after.releases.some((one) => one.header === header) && after.mixed.length > 0;
}

async function stopOne(fleet: BareFleet, role: 'core' | 'node' | 'device') {
  fleet.restore('ready');
  const problems: string[] = [];
  const core = await fleet.startCore();
  const node = await fleet.startNode();
  await eventually('the node has met the core', async () => (/Connected/.test(node.log()) ? true : undefined));
  const args = await deployArguments(fleet, '2');
  const device = await fleet.spawnOwner(args, 'publish');
  const still = { core, node, device }[role];
  if (role === 'device') await new Promise((resolve) => setTimeout(resolve, 400));
  still.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, STILL_MS));
  if (role === 'device') {
    // Another command may read; it is told that the first one holds the pen, or does its work.
    const other = await fleet.cli(['apps', 'list', '--json'], { timeoutMs: 30_000 });
    if (![0, 4].includes(other.code ?? -1)) problems.push(`beside it ${other.code}: ${other.stdout}${other.stderr}`);
  }
  wake(still);
  const from = performance.now();
  const end = await device.exited;
  if (![0, 4, 75].includes(end.code ?? -1)) problems.push(`the publish ended with ${end.code}: ${device.log()}`);
  const again = await fleet.cli(await deployArguments(fleet, '3'));
  if (again.code !== 0) problems.push(`publishing again ended with ${again.code}: ${again.stdout}${again.stderr}`);
  const backMs = performance.now() - from;
  for (const one of [core, node]) if (!one.isRunning()) problems.push(`it died: ${one.log().slice(-400)}`);
  await fleet.rest();
  const seen = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  const own = await lookIntoNode(copyOf(fleet.nodeFolder, 'after'));
  problems.push(...seen.mixed, ...own.mixed);
  if (!seen.releases.at(-1)?.body.includes('"V":"3"')) problems.push('the last release is not V=3');
  const told = /"header":"([0-9a-f]{64})"/.exec(end.code === 0 ? device.log() : '')?.[1];
  const lost = told === undefined || seen.releases.some(({ header }) => header === told) ? 0 : 1;
  return { acknowledged: told === undefined ? 1 : 2, lost, problems, backMs };
}

/** The way into the place stands still with the program that it waits for, and must be woken too. */
function wake(program: Running): void {
  const above = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))?.[1];
  program.kill('SIGCONT');
  if (above !== undefined) process.kill(Number(above), 'SIGCONT');
}
