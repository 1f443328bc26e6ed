import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { logShows } from '../../journeys/fleet.ts';
import { type BareFleet, copyOf } from '../bare-fleet.ts';
import { buildBroken } from '../broken-build.ts';
import { lookIntoCore, lookIntoNode } from '../look-into.ts';
import { cutPower } from '../power-cut.ts';
import type { Row } from '../row.ts';
import { type Point, sweep } from '../sweep.ts';
import { killedAtSync, unwrapped, type Wrap } from '../wrapped.ts';

const NEWCOMER = 'newcomer';

const WITHOUT_SYNC = {
  file: 'agent/node/store/database.ts',
  from: "database.pragma('synchronous = FULL')",
  to: "database.pragma('synchronous = OFF')",
};

/** Enrolment: the newcomer dies at each sync of its join, then the core does, and the same line brings it in once. */
export const enrol: Row = {
  id: '1e',
  title: 'kill -9 and power cut of node and core at each sync of an enrolment',
  async run(grounds) {
    const fleet = await grounds.bare();
    const node = await sweep(grounds, 'node, enrolment', (when) => killJoinAt(fleet, (log) => killedAtSync(log, when)));
    const core = await sweep(grounds, 'core, enrolment', (when) => killCoreAt(fleet, when));
    return {
      points: node.points + core.points,
      acknowledged: node.acknowledged + core.acknowledged,
      lost: node.lost + core.lost,
      swept: node.swept,
      figures: `node ${node.points} points, ${node.figures}; core ${core.points} points, ${core.figures}`,
      problems: [...node.problems, ...core.problems],
    };
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    fleet.runs(await buildBroken([WITHOUT_SYNC]));
    const point = await killJoinAt(fleet, (log) => killedAtSync(log, 99), { only: 'look' });
    return { seen: point.lost > 0, what: `synchronous=OFF: ${point.lost} of ${point.acknowledged} joins lost` };
  },
};

async function killJoinAt(
  fleet: BareFleet,
  wrap: (trace: string) => Wrap,
  about: { only?: 'look' } = {},
): Promise<Point> {
  fleet.restore('ready');
  const folder = join(fleet.bubble.folder, NEWCOMER);
  rmSync(folder, { recursive: true, force: true });
  await fleet.startCore();
  const { token, waiting } = await tokenOf(fleet);
  const trace = join(fleet.bubble.folder, 'join.trace');
  rmSync(trace, { force: true });
  const joined = await fleet.nodeIn(wrap(trace), NEWCOMER, ['node', 'join', token]);
  const killed = joined.signal === 'SIGKILL';
  const problems: string[] = [];
  // The folder itself goes on from after the power cut: what was synced is all that a newcomer has.
  cutPower(trace);
  const seen = await lookIntoNode(copyOf(folder, 'seen'));
  const lost = joined.code === 0 && seen.fleet === null ? 1 : 0;
  const acknowledged = joined.code === 0 ? 1 : 0;
  let convergedMs = 0;
  if (about.only !== 'look') {
    const restarted = performance.now();
    const again = await fleet.nodeIn(unwrapped, NEWCOMER, ['node', 'join', token]);
    convergedMs = performance.now() - restarted;
    if (again.code !== 0) problems.push(`joining again ended with ${again.code}: ${again.stdout}${again.stderr}`);
    problems.push(...(await afterJoin(fleet)));
  }
  waiting.kill('SIGKILL');
  await fleet.rest();
  return { killed, acknowledged, lost, problems, convergedMs };
}

/** The core dies while a node joins; node and device go on when it is back. */
async function killCoreAt(fleet: BareFleet, when: number): Promise<Point> {
  fleet.restore('ready');
  const folder = join(fleet.bubble.folder, NEWCOMER);
  rmSync(folder, { recursive: true, force: true });
  const trace = join(fleet.bubble.folder, 'core.trace');
  rmSync(trace, { force: true });
  const core = await fleet.startCoreIn(killedAtSync(trace, when));
  const made = core.isRunning() ? await tokenOf(fleet).catch(() => undefined) : undefined;
  const joining = made ? fleet.nodeIn(unwrapped, NEWCOMER, ['node', 'join', made.token]) : undefined;
  // Either the join ends, or the core does.
  await Promise.race([joining ?? core.exited, core.exited]);
  if (core.isRunning()) core.kill('SIGTERM');
  const killed = (await core.exited).signal === 'SIGKILL';
  const problems: string[] = [];
  cutPower(trace);
  const restarted = performance.now();
  await fleet.startCore();
  let ended = joining ? await joining : undefined;
  const told = ended?.code === 0;
  if (!told) {
    // What an owner does when the line came to nothing: a new one.
    made?.waiting.kill('SIGKILL');
    const next = await tokenOf(fleet);
    ended = await fleet.nodeIn(unwrapped, NEWCOMER, ['node', 'join', next.token]);
    if (ended.code !== 0) problems.push(`joining again ended with ${ended.code}: ${ended.stdout}${ended.stderr}`);
    next.waiting.kill('SIGKILL');
  }
  const convergedMs = performance.now() - restarted;
  made?.waiting.kill('SIGKILL');
  problems.push(...(await afterJoin(fleet)));
  await fleet.rest();
  const { trust } = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  return { killed, acknowledged: told ? 1 : 0, lost: told && trust < 3 ? 1 : 0, problems, convergedMs };
}

async function tokenOf(fleet: BareFleet) {
  const waiting = await fleet.spawnOwner(['nodes', 'token', '--name', 'n2', '--json'], 'token');
  return { waiting, token: await logShows(waiting, /ov1_[A-Za-z0-9_-]+/) };
}

/** Genesis, the first node, the newcomer: in the core once, and the newcomer knows the fleet. */
async function afterJoin(fleet: BareFleet): Promise<string[]> {
  const node = await lookIntoNode(copyOf(join(fleet.bubble.folder, NEWCOMER), 'after'));
  const core = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  const problems = [...node.mixed, ...core.mixed];
  if (node.fleet === null) problems.push('the newcomer knows no fleet');
  if (core.trust !== 3) problems.push(`the log of the core has ${core.trust} entries, not genesis and two nodes`);
  return problems;
}
