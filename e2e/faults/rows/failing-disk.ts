import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BareFleet, copyOf, deployArguments } from '../bare-fleet.ts';
import { buildBroken } from '../broken-build.ts';
import { lookIntoCore } from '../look-into.ts';
import type { Grounds, Row } from '../row.ts';
import { everyOf } from '../sweep.ts';
import { failedFiles, readsOf } from '../trace-log.ts';
import { failingRead, failingSync } from '../wrapped.ts';
import { breakOffline, editOffline } from './device-edit.ts';
import { breakNode } from './node-release.ts';

/** After an I/O error the core takes writes again as if nothing had been: what is told then is a lie. */
const GOES_ON = {
  file: 'agent/core/store/group-commit.ts',
  from: "else if (seen.code === 'store.io-error') broken = seen;",
  to: '',
};

interface Broken {
  /** Whether the failure met the file in which promises stand. */
  readonly hit: boolean;
  readonly ended: boolean;
  readonly acknowledged: number;
  readonly afterwards: number;
  readonly problems: readonly string[];
}

/** B4-4: one sync fails, or reads do. Nothing is acknowledged from then on, health is red, and nothing told is gone. */
export const failingDisk: Row = {
  id: '4',
  title: 'EIO at each sync of core, node and CLI, and at reads of the core',
  async run(grounds) {
    const problems: string[] = [];
    let points = 0;
    let acknowledged = 0;
    let lost = 0;
    const fleet = await grounds.bare();
    for (let when = 1; when < 60; when += grounds.stride) {
      const one = await breakCoreSync(fleet, when);
      if (one.ended) break;
      points++;
      acknowledged += one.acknowledged;
      lost += one.afterwards;
      problems.push(...one.problems.map((problem) => `core, sync ${when}: ${problem}`));
      grounds.note(`core: sync ${when} fails, acknowledged ${one.acknowledged}, after it ${one.afterwards}`);
    }
    const read = await breakCoreReads(fleet, grounds);
    points++;
    problems.push(...read);
    for (let when = 1; when < 20; when += grounds.stride) {
      const one = await breakNode(fleet, (trace) => failingSync(trace, when), when);
      if (failedFiles(one.trace).length === 0) break;
      points++;
      acknowledged += one.acknowledged;
      lost += one.lost;
      problems.push(...one.problems.map((problem) => `node, sync ${when}: ${problem}`));
      grounds.note(`node: sync ${when} fails, told ${one.acknowledged}, lost ${one.lost}`);
    }
    fleet.restore('ready');
    await editOffline(fleet);
    for (let when = 1; when < 40; when += grounds.stride) {
      const one = await breakOffline(fleet, (trace) => failingSync(trace, when), when);
      if (failedFiles(one.trace).length === 0) break;
      points++;
      acknowledged += one.acknowledged;
      lost += one.lost;
      problems.push(...one.problems.map((problem) => `CLI, sync ${when}: ${problem}`));
      if (/\n\s+at /.test(one.said)) problems.push(`CLI, sync ${when}: it shows a stack: ${one.said}`);
      grounds.note(`CLI: sync ${when} fails, it ends with ${one.code}, lost ${one.lost}`);
    }
    const swept = everyOf(grounds.stride, 'sync');
    return { points, acknowledged, lost, swept, figures: `acknowledged after the error: ${lost}`, problems };
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    fleet.runs(await buildBroken([GOES_ON]));
    for (let when = 4; when < 20; when++) {
      const one = await breakCoreSync(fleet, when);
      if (one.afterwards > 0) return { seen: true, what: `a core that goes on acknowledged after sync ${when}` };
      if (one.ended) break;
    }
    return { seen: false, what: 'a core that goes on after an error was not seen' };
  },
};

/** Publishes twice while sync `when` of the core fails: the second must not be taken if the first met the failure. */
async function breakCoreSync(fleet: BareFleet, when: number): Promise<Broken> {
  fleet.restore('ready');
  const trace = join(fleet.bubble.folder, 'core.trace');
  rmSync(trace, { force: true });
  const core = await fleet.startCoreIn(failingSync(trace, when));
  const problems: string[] = [];
  if (!core.isRunning()) {
    // A core that can not keep its promises must not start; it says what to do instead.
    if (!/Check|disk/.test(core.log())) problems.push(`it ends without a word to its owner: ${core.log()}`);
    return { hit: true, ended: false, acknowledged: 0, afterwards: 0, problems };
  }
  const first = await fleet.cli(await deployArguments(fleet, '2'));
  const hit = failedFiles(trace).some((file) => file.includes('durable.db'));
  const second = hit ? await fleet.cli(await deployArguments(fleet, '3')) : undefined;
  if (hit && (await fleet.readyz()) !== 503) problems.push('/readyz is not red');
  if (hit && (await fleet.cli(['jobs', 'list'])).code === 0) {
    // Reading goes by a session, whose opening is a write: what can be asked is that the answer is no lie.
    problems.push('a session was opened, which is a write');
  }
  const ended = failedFiles(trace).length === 0;
  core.kill('SIGKILL');
  await core.exited;
  const told = [first, second].filter((one) => one?.code === 0).map((one) => one?.lines.at(-1) as { header: string });
  await fleet.startCore();
  const again = await fleet.cli(await deployArguments(fleet, '3'));
  if (again.code !== 0) problems.push(`after a restart it ended with ${again.code}: ${again.stdout}${again.stderr}`);
  await fleet.rest();
  const seen = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  problems.push(...seen.mixed);
  const gone = told.filter(({ header }) => !seen.releases.some((one) => one.header === header)).length;
  if (gone > 0) problems.push(`${gone} acknowledged releases are gone`);
  return { hit, ended, acknowledged: told.length, afterwards: second?.code === 0 ? 1 : gone, problems };
}

/** Every read of the durable file fails once the core is up: it serves no wrong answer and comes back with the disk. */
async function breakCoreReads(fleet: BareFleet, grounds: Grounds): Promise<string[]> {
  fleet.restore('ready');
  const problems: string[] = [];
  const files = ['durable.db', 'durable.db-wal'].map((name) => join(fleet.coreFolder, name));
  const trace = join(fleet.bubble.folder, 'core.trace');
  rmSync(trace, { force: true });
  await fleet.startCoreIn(failingRead(trace, 60_000, files));
  const quiet = readsOf(trace);
  await fleet.rest();
  rmSync(trace, { force: true });
  fleet.restore('ready');
  const core = await fleet.startCoreIn(failingRead(trace, quiet + 1, files));
  if (!core.isRunning()) return [`it does not start: ${core.log()}`];
  const publish = await fleet.cli(await deployArguments(fleet, '2'));
  const shown = await fleet.cli(['jobs', 'list', '--json']);
  const hit = failedFiles(trace).length;
  grounds.note(`core: ${hit} reads fail, publish ends with ${publish.code}, jobs list with ${shown.code}`);
  if (hit === 0) problems.push('no read was made to fail');
  if (publish.code === 0) problems.push('a publish was acknowledged while reads fail');
  if (hit > 0 && (await fleet.readyz()) !== 503) problems.push('reads fail: /readyz is not red');
  core.kill('SIGKILL');
  await core.exited;
  await fleet.startCore();
  const again = await fleet.cli(await deployArguments(fleet, '2'));
  if (again.code !== 0) problems.push(`after a restart it ended with ${again.code}: ${again.stdout}${again.stderr}`);
  await fleet.rest();
  problems.push(...(await lookIntoCore(copyOf(fleet.coreFolder, 'after'))).mixed);
  return problems;
}
