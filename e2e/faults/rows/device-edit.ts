import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BareFleet, copyOf, deployArguments } from '../bare-fleet.ts';
import { buildBroken } from '../broken-build.ts';
import { lookIntoCore } from '../look-into.ts';
import { cutPower } from '../power-cut.ts';
import type { Row } from '../row.ts';
import { type Point, sweep } from '../sweep.ts';
import { killedAtSync, type Wrap } from '../wrapped.ts';

const WITHOUT_SYNC = {
  file: 'shared/node/device-store/replica-db.ts',
  from: "database.pragma('synchronous=EXTRA')",
  to: "database.pragma('synchronous=OFF')",
};

/** B4-3: an edit while the core is away, and a publish; the device dies at each sync of either. */
export const deviceEdit: Row = {
  id: '3',
  title: 'kill -9 and power cut of the CLI at each sync of an edit and of a publish',
  async run(grounds) {
    const fleet = await grounds.bare();
    await editOffline(fleet);
    const offline = await sweep(grounds, 'device, offline edit', (when) =>
      breakOffline(fleet, (trace) => killedAtSync(trace, when), when),
    );
    const online = await sweep(grounds, 'device, publish', (when) => killOnlineAt(fleet, when));
    return {
      points: offline.points + online.points,
      acknowledged: offline.acknowledged + online.acknowledged,
      lost: offline.lost + online.lost,
      swept: offline.swept,
      figures: `offline ${offline.points} points, ${offline.figures}; publish ${online.points} points, ${online.figures}`,
      problems: [...offline.problems, ...online.problems],
    };
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    fleet.runs(await buildBroken([WITHOUT_SYNC]));
    await editOffline(fleet);
    // Without syncs no sync kills it: the edit is told of, and then the power goes.
    const point = await breakOffline(fleet, (trace) => killedAtSync(trace, 1), 1, { only: 'look' });
    return { seen: point.lost > 0, what: `synchronous=OFF: ${point.lost} of ${point.acknowledged} edits lost` };
  },
};

/** A first edit that the device has told its owner it keeps; all that follows starts from there. */
export async function editOffline(fleet: BareFleet): Promise<void> {
  const edit = await fleet.cli(await deployArguments(fleet, '2'));
  if (edit.code !== 75) throw new Error(`the first edit ended with ${edit.code}: ${edit.stdout}${edit.stderr}`);
  fleet.keep('edited');
}

/** A second edit inside a tracer that breaks it; then the power is cut. The first must be kept, the second too if told. */
export async function breakOffline(
  fleet: BareFleet,
  wrap: (trace: string) => Wrap,
  turn: number,
  about: { only?: 'look' } = {},
): Promise<Point & { trace: string; code: number | null; said: string }> {
  fleet.restore('edited');
  const trace = join(fleet.bubble.folder, 'device.trace');
  rmSync(trace, { force: true });
  const edit = await deployArguments(fleet, '3');
  const answer = await fleet.ownerIn(wrap(trace), edit);
  const killed = answer.signal === 'SIGKILL';
  const told = answer.code === 75;

  const problems: string[] = [];
  const plain = copyOf(fleet.homeFolder, 'plain');
  const cut = copyOf(fleet.homeFolder, 'cut');
  cutPower(trace, (path) => path.replace(fleet.homeFolder, cut));
  const kept = copyOf(cut, 'kept');
  let lost = 0;
  for (const [name, folder] of [['kill -9', plain] as const, ['power cut', cut] as const]) {
    const listed = await fleet.cli(['outbox', 'list', '--json'], { env: { OVERSEER_HOME: folder } });
    const lines = (listed.lines.at(-1) as { lines?: string[] }[] | undefined)?.flatMap?.((one) => one.lines ?? []);
    const wish = lines?.join();
    const fine = told ? wish === 'V=1 → V=3' : wish === 'V=1 → V=2' || wish === 'V=1 → V=3';
    if (listed.code !== 0 || !fine) {
      lost = 1;
      problems.push(`after ${name} the outbox says ${listed.code} ${listed.stdout}${listed.stderr}`);
    }
  }
  const acknowledged = told ? 2 : 1;
  const ends = { code: answer.code, said: `${answer.stdout}${answer.stderr}`, trace };
  if (about.only === 'look') return { ...ends, killed, acknowledged, lost, problems, convergedMs: 0 };

  if (turn % 2 === 1) {
    rmSync(fleet.homeFolder, { recursive: true });
    cpSync(kept, fleet.homeFolder, { recursive: true });
  }
  const convergedMs = await convergesTo(fleet, '3', problems);
  return { ...ends, killed, acknowledged, lost, problems, convergedMs };
}

/** A publish with the core at hand; the device dies at its sync `when`, and publishes again from what is left. */
async function killOnlineAt(fleet: BareFleet, when: number): Promise<Point> {
  fleet.restore('ready');
  await fleet.startCore();
  const trace = join(fleet.bubble.folder, 'device.trace');
  rmSync(trace, { force: true });
  const answer = await fleet.ownerIn(killedAtSync(trace, when), await deployArguments(fleet, '2'));
  const killed = answer.signal === 'SIGKILL';
  await fleet.rest();
  const told = answer.code === 0 ? (answer.lines.at(-1) as { header: string }).header : undefined;
  const problems: string[] = [];
  if (when % 2 === 1) cutPower(trace);
  const convergedMs = await convergesTo(fleet, '2', problems);
  const seen = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  const lost = told === undefined || seen.releases.some(({ header }) => header === told) ? 0 : 1;
  return { killed, acknowledged: told === undefined ? 0 : 1, lost, problems, convergedMs };
}

/** The core is there again and the same wish is published: it must be taken, and stand last, whole. */
async function convergesTo(fleet: BareFleet, value: string, problems: string[]): Promise<number> {
  await fleet.startCore();
  const restarted = performance.now();
  const again = await fleet.cli(await deployArguments(fleet, value));
  const convergedMs = performance.now() - restarted;
  if (again.code !== 0) problems.push(`publishing again ended with ${again.code}: ${again.stdout}${again.stderr}`);
  await fleet.rest();
  const seen = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  problems.push(...seen.mixed);
  const last = seen.releases.at(-1)?.body ?? '';
  if (!last.includes(`"V":"${value}"`)) problems.push(`the last release is not V=${value}: ${last.slice(0, 400)}`);
  return convergedMs;
}
