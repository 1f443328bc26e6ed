import { join } from 'node:path';
import { eventually } from '../../journeys/fleet.ts';
import { type BareFleet, deployArguments } from '../bare-fleet.ts';
import { lookIntoCore, lookIntoNode } from '../look-into.ts';
import type { Row } from '../row.ts';
import { isLossSeen } from './standing-still.ts';

/** Over the folder of one role: a disk of its own, small enough to be filled at once. */
const SIZE = '24m';
type Role = 'core' | 'node' | 'home';

/** B4-5: no space, then space again; and a disk that takes no writes at all. Apps on an engine: journeys/disk-full. */
export const fullDisk: Row = {
  id: '5',
  title: 'full and read-only disk of core, node and CLI',
  async run(grounds) {
    const fleet = await grounds.bare();
    const problems: string[] = [];
    const times: string[] = [];
    let acknowledged = 0;
    let lost = 0;
    for (const role of ['core', 'node', 'home'] as const) {
      const one = await fillOne(fleet, role);
      acknowledged += one.acknowledged;
      lost += one.lost;
      problems.push(...one.problems.map((problem) => `${role}: ${problem}`));
      times.push(`${role} ${(one.backMs / 1_000).toFixed(1)} s`);
      grounds.note(`${role}: full, and back ${one.backMs.toFixed(0)} ms after there is space`);
      problems.push(...(await readOnly(fleet, role)).map((problem) => `${role}, read-only: ${problem}`));
    }
    const figures = `back after the space: ${times.join(', ')}`;
    return { points: 6, acknowledged, lost, figures, problems };
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    return { seen: await isLossSeen(fleet), what: 'a release taken out of the store by hand' };
  },
};

/** The role's folder becomes a disk of its own inside the place; from outside it is seen by a copy. */
async function mountOver(fleet: BareFleet, role: Role): Promise<void> {
  fleet.restore('ready');
  const [folder, kept] = [join(fleet.bubble.folder, role), join(fleet.bubble.folder, 'kept/ready', role)];
  const made = `mount -t tmpfs -o mode=700,size=${SIZE} tmpfs "$1" && cp -a "$2/." "$1/"`;
  await fleet.bubble.shell(made, folder, kept);
}

const unmount = (fleet: BareFleet, role: Role) => fleet.bubble.shell('umount "$1"', join(fleet.bubble.folder, role));

async function copyOut(fleet: BareFleet, role: Role): Promise<string> {
  const copy = join(fleet.bubble.folder, `${role}.out`);
  await fleet.bubble.shell('rm -rf "$2"; cp -a "$1" "$2"', join(fleet.bubble.folder, role), copy);
  return copy;
}

async function fillOne(fleet: BareFleet, role: Role) {
  await mountOver(fleet, role);
  const folder = join(fleet.bubble.folder, role);
  const problems: string[] = [];
  const core = await fleet.startCore();
  // Whatever space SQLite has taken it may still use: nothing may be left of it, so one byte at a time at the end.
  const fill = 'for size in 1M 4k 1; do dd if=/dev/zero of="$1/fill-$size" bs=$size 2>/dev/null; done; true';
  await fleet.bubble.shell(fill, folder);
  const node = await fleet.startNode();
  const answer = await fleet.cli(await deployArguments(fleet, '2'));
  const said = `${answer.stdout}${answer.stderr}${node.log()}`;
  if (role !== 'node' && answer.code === 0) problems.push('the publish was acknowledged on a full disk');
  if (role === 'node') {
    await eventually('the node says that its disk is full', async () =>
      /disk is full|ENOSPC|SQLITE_FULL/.test(node.log()) ? true : undefined,
    ).catch(() => problems.push(`it does not say so: ${node.log().slice(-600)}`));
  } else if (!/full|space/i.test(said)) problems.push(`it does not say that the disk is full: ${said.slice(0, 600)}`);
  if (/\n\s+at /.test(`${answer.stdout}${answer.stderr}`))
    problems.push(`the CLI shows a stack: ${said.slice(0, 600)}`);
  if (role === 'core' && (await fleet.readyz()) !== 503) problems.push('/readyz is not red');
  if (!core.isRunning()) problems.push(`the core died: ${core.log().slice(-400)}`);
  // An agent that found no space as it started may have ended with its reason: systemd starts it again.
  const nodeDied = !node.isRunning();

  await fleet.bubble.shell('rm -f "$1"/fill-*', folder);
  const from = performance.now();
  if (nodeDied) await fleet.startNode();
  const again = await fleet.cli(await deployArguments(fleet, '3'));
  if (again.code !== 0) problems.push(`with space it ended with ${again.code}: ${again.stdout}${again.stderr}`);
  const backMs = performance.now() - from;
  await fleet.vouch();
  await eventually('the node has taken what there is', async () =>
    /Release \d+ of \w+: /.test(fleet.node().log()) ? true : undefined,
  ).catch(() => problems.push(`the node does not go on: ${fleet.node().log().slice(-600)}`));
  await fleet.rest();
  const seen = await lookIntoCore(await copyOut(fleet, 'core'));
  const own = await lookIntoNode(await copyOut(fleet, 'node'));
  problems.push(...seen.mixed, ...own.mixed);
  const told = [answer, again].filter(({ code }) => code === 0).map(({ lines }) => lines.at(-1) as { header: string });
  const lost = told.filter(({ header }) => !seen.releases.some((one) => one.header === header)).length;
  await unmount(fleet, role);
  return { acknowledged: told.length, lost, problems, backMs };
}

/** Nothing can be written from the start: a clear word and an end, no stack and no half work. */
async function readOnly(fleet: BareFleet, role: Role): Promise<string[]> {
  await mountOver(fleet, role);
  const problems: string[] = [];
  await fleet.bubble.shell('mount -o remount,ro "$1"', join(fleet.bubble.folder, role));
  if (role !== 'core') await fleet.startCore();
  let said = '';
  if (role === 'home') {
    const answer = await fleet.cli(await deployArguments(fleet, '2'));
    said = `${answer.stdout}${answer.stderr}`;
    if (answer.code === 0 || answer.code === 75) problems.push(`an edit was acknowledged: ${said}`);
  } else {
    const begun = await (role === 'core' ? fleet.startCore() : fleet.startNode()).catch(
      (cause: Error) => cause.message,
    );
    if (typeof begun === 'string') said = begun;
    else {
      const ended = await Promise.race([begun.exited, new Promise((resolve) => setTimeout(resolve, 5_000, undefined))]);
      if (ended === undefined) problems.push('it goes on although it can write nothing');
      said = begun.log();
    }
  }
  if (!/read-?only|EROFS/i.test(said)) problems.push(`it does not say what is wrong: ${said.slice(0, 600)}`);
  if (/\n\s+at /.test(said)) problems.push(`it shows a stack: ${said.slice(0, 900)}`);
  await fleet.rest();
  await unmount(fleet, role);
  return problems;
}
