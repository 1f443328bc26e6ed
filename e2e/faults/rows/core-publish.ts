import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BareFleet, copyOf, deployArguments } from '../bare-fleet.ts';
import { buildBroken } from '../broken-build.ts';
import { lookIntoCore } from '../look-into.ts';
import { cutPower } from '../power-cut.ts';
import type { Row } from '../row.ts';
import type { CoreSeen } from '../store-probe/probe-core.ts';
import { type Point, sweep } from '../sweep.ts';
import { killedAtSync } from '../wrapped.ts';

/** Commits are told of and not synced: what a power cut takes then, the judgement must miss. */
const WITHOUT_SYNC = {
  file: 'agent/core/store/open-database.ts',
  from: "durability === 'full' ? 'FULL' : 'NORMAL'",
  to: "'NORMAL'",
};

/** B4-1: rows, objects, audit and release of one publish; the core dies at each sync, and the power with it. */
export const corePublish: Row = {
  id: '1',
  title: 'kill -9 and power cut of the core at each sync of a publish',
  async run(grounds) {
    const fleet = await grounds.bare();
    return sweep(grounds, 'core, publish', (when) => killCoreAt(fleet, when));
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    fleet.runs(await buildBroken([WITHOUT_SYNC]));
    for (let when = 1; when < 40; when++) {
      const point = await killCoreAt(fleet, when, { only: 'look' });
      if (point.lost > 0) return { seen: true, what: `synchronous=NORMAL: lost at sync ${when}` };
      if (!point.killed) break;
    }
    return { seen: false, what: 'synchronous=NORMAL: no loss was seen' };
  },
};

/** One point: publish while the core waits to die at its sync `when`; look at what is left; start again; publish again. */
async function killCoreAt(fleet: BareFleet, when: number, about: { only?: 'look' } = {}): Promise<Point> {
  fleet.restore('ready');
  const trace = join(fleet.bubble.folder, 'core.trace');
  rmSync(trace, { force: true });
  const core = await fleet.startCoreIn(killedAtSync(trace, when));
  const publish = await deployArguments(fleet, '2');
  const answer = core.isRunning() ? await fleet.cli(publish) : undefined;
  core.kill('SIGTERM');
  const killed = (await core.exited).signal === 'SIGKILL';

  const problems: string[] = [];
  const told = answer?.code === 0 ? (answer.lines.at(-1) as { header: string }).header : undefined;
  if (answer && ![0, 4, 75].includes(answer.code ?? -1))
    problems.push(`the CLI ended with ${answer.code}: ${answer.stdout}${answer.stderr}`);
  const plain = copyOf(fleet.coreFolder, 'plain');
  const cut = copyOf(fleet.coreFolder, 'cut');
  cutPower(trace, (path) => path.replace(fleet.coreFolder, cut));
  const kept = copyOf(cut, 'kept');
  let lost = 0;
  for (const [name, folder] of [['kill -9', plain] as const, ['power cut', cut] as const]) {
    const seen = await lookIntoCore(folder);
    problems.push(...seen.mixed.map((one) => `after ${name}: ${one}`));
    if (told !== undefined && !seen.releases.some(({ header }) => header === told)) lost++;
  }
  const acknowledged = answer?.code === 0 || answer?.code === 75 ? 1 : 0;
  if (about.only === 'look') return { killed, acknowledged, lost, problems, convergedMs: 0 };

  if (when % 2 === 1) {
    rmSync(fleet.coreFolder, { recursive: true });
    cpSync(kept, fleet.coreFolder, { recursive: true });
  }
  const restarted = performance.now();
  await fleet.startCore();
  const again = await fleet.cli(publish);
  const convergedMs = performance.now() - restarted;
  if (again.code !== 0) problems.push(`publishing again ended with ${again.code}: ${again.stdout}${again.stderr}`);
  await fleet.rest();
  const seen = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  problems.push(...seen.mixed.map((one) => `after the restart: ${one}`), ...notWished(seen));
  return { killed, acknowledged, lost: Math.min(lost, 1), problems, convergedMs };
}

/** The last release must be the new one, and each must be wholly the old or wholly the new one. */
function notWished({ releases }: CoreSeen): string[] {
  const values = releases.map(({ body }) => /"V":"(\d)"|V=(\d)/.exec(body)?.slice(1).find(Boolean) ?? '?');
  const fine = values[0] === '1' && values.length > 1 && values.slice(1).every((value) => value === '2');
  return fine ? [] : [`the releases hold V=${values.join(', ')}`];
}
