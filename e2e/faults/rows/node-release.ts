import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../journeys/fleet.ts';
import { type BareFleet, copyOf } from '../bare-fleet.ts';
import { buildBroken } from '../broken-build.ts';
import { lookIntoCore, lookIntoNode } from '../look-into.ts';
import { cutPower } from '../power-cut.ts';
import type { Row } from '../row.ts';
import { type Point, sweep } from '../sweep.ts';
import { killedAtSync, type Wrap } from '../wrapped.ts';

const WITHOUT_SYNC = {
  file: 'agent/node/store/database.ts',
  from: "database.pragma('synchronous = FULL')",
  to: "database.pragma('synchronous = NORMAL')",
};

/** The node's side of row 1: accepting a release and writing its own audit. What it told the core must be its own. */
export const nodeRelease: Row = {
  id: '1n',
  title: 'kill -9 and power cut of the node at each sync of taking a release',
  async run(grounds) {
    const fleet = await grounds.bare();
    return sweep(grounds, 'node, release', (when) => breakNode(fleet, (trace) => killedAtSync(trace, when), when));
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    fleet.runs(await buildBroken([WITHOUT_SYNC]));
    for (let when = 1; when < 20; when++) {
      const point = await breakNode(fleet, (trace) => killedAtSync(trace, when), when, { only: 'look' });
      if (point.lost > 0) return { seen: true, what: `synchronous=NORMAL: lost at sync ${when}` };
      if (!point.killed) break;
    }
    return { seen: false, what: 'synchronous=NORMAL: no loss was seen' };
  },
};

/**
 * The node takes a release inside a tracer that breaks it; then its power is cut. Everything that it had told the core
 * of its own chain must be there afterwards, and the next start ends the job with one release.
 */
export async function breakNode(
  fleet: BareFleet,
  wrap: (trace: string) => Wrap,
  turn: number,
  about: { only?: 'look' } = {},
): Promise<Point & { trace: string }> {
  fleet.restore('ready');
  await fleet.startCore();
  const trace = join(fleet.bubble.folder, 'node.trace');
  rmSync(trace, { force: true });
  const node = await fleet.startNodeIn(wrap(trace));
  await fleet.vouch();
  await eventually('the release is tried, or the node is dead', async () =>
    !node.isRunning() || /Release \d+ of \w+: |IOERR|EIO|I\/O/.test(node.log()) ? true : undefined,
  );
  if (node.isRunning()) node.kill('SIGTERM');
  const killed = (await node.exited).signal === 'SIGKILL';

  const problems: string[] = [];
  const plain = copyOf(fleet.nodeFolder, 'plain');
  const cut = copyOf(fleet.nodeFolder, 'cut');
  cutPower(trace, (path) => path.replace(fleet.nodeFolder, cut));
  const kept = copyOf(cut, 'kept');
  const told = await lookIntoCore(copyOf(fleet.coreFolder, 'seen'));
  let lost = 0;
  for (const [name, folder] of [['kill -9', plain] as const, ['power cut', cut] as const]) {
    const seen = await lookIntoNode(folder);
    problems.push(...seen.mixed.map((one) => `after ${name}: ${one}`));
    lost = Math.max(lost, told.nodeAudit.filter((entry) => !seen.audit.includes(entry)).length);
  }
  const acknowledged = told.nodeAudit.length;
  if (about.only === 'look') {
    await fleet.rest();
    return { killed, acknowledged, lost, problems, convergedMs: 0, trace };
  }

  if (turn % 2 === 1) {
    rmSync(fleet.nodeFolder, { recursive: true });
    cpSync(kept, fleet.nodeFolder, { recursive: true });
  }
  const restarted = performance.now();
  await fleet.startNode();
  await fleet.vouch();
  await eventually('the job ends', async () => {
    const { jobs } = await lookIntoCore(copyOf(fleet.coreFolder, 'seen'));
    return jobs.length === 1 && /failed|done/.test(jobs[0] ?? '') ? true : undefined;
  });
  const convergedMs = performance.now() - restarted;
  await fleet.rest();
  const seen = await lookIntoNode(copyOf(fleet.nodeFolder, 'after'));
  const heard = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  problems.push(...seen.mixed.map((one) => `after the restart: ${one}`));
  if (seen.releases.length !== 1) problems.push(`the node holds ${seen.releases.length} releases, not the one`);
  const foreign = heard.nodeAudit.filter((entry) => !seen.audit.includes(entry));
  if (foreign.length > 0) problems.push(`the core holds entries that the node has no more: ${foreign.join(', ')}`);
  return { killed, acknowledged, lost, problems, convergedMs, trace };
}
