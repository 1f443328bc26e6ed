import { readFileSync } from 'node:fs';
import { eventually, type LabFleet, logShows, ownerCommand } from '../../journeys/lab-fleet.ts';
import { residentMb } from '../probes/resident-memory.ts';
import type { Attack, Verdict } from '../row.ts';
import type { EngineStage } from '../world/engine-world.ts';
import { deployLoud, LOUD_APP } from './loud-app.ts';

/**
 * Not the GB of the list, which takes minutes on two cores and shows no more: what a node needs for the way of a line
 * through it levels off after some 60 MB (at 140 MB, mostly of what is not yet collected), what it holds does not.
 */
const LONG_MB = 320;
const MOST_GROWTH_MB = 224;
/** How long a node that reads on for a reader that stands still would need to take all of it in. */
const STANDING_S = 15;
const PATIENCE_MS = 240_000;
const END = 'it ends here';

const printLongLine = [
  'while [ ! -e /tmp/go ]; do sleep 0.1; done',
  `head -c ${LONG_MB * 1_000_000} /dev/zero | tr "\\0" x`,
  'echo',
  `echo ${END}`,
  'touch /tmp/printed',
].join('; ');

interface Reading {
  readonly fleet: LabFleet;
  /** Lets the container print. */
  begin(): Promise<void>;
  /** Resolves when it has printed all. */
  printed(): Promise<unknown>;
  hasSwollen(): boolean;
}

/** Deploys an app that prints one endless line while somebody reads, and looks at what the node makes of it. */
const longLine = (
  name: string,
  checks: Attack<EngineStage>['checks'],
  read: (reading: Reading) => Promise<void>,
): Attack<EngineStage> => ({
  name: `${LONG_MB} MB in one line, ${name}`,
  checks,
  async run(stage): Promise<Verdict> {
    const fleet = await stage.honestFleet();
    const container = await deployLoud(fleet, printLongLine);
    const inside = (...command: string[]) => fleet.world.docker(['exec', container, ...command]);
    const { pid } = fleet.node();
    const before = residentMb(pid);
    let most = before;
    const timer = setInterval(() => {
      if (fleet.node().isRunning()) most = Math.max(most, residentMb(pid));
    }, 50);
    const hasSwollen = () => most - before > MOST_GROWTH_MB;
    try {
      await read({
        fleet,
        hasSwollen,
        begin: async () => void (await inside('touch', '/tmp/go')),
        printed: () =>
          eventually(
            'all that the container prints',
            async () => ((await inside('test', '-e', '/tmp/printed')).code === 0 ? true : undefined),
            PATIENCE_MS,
          ),
      });
    } finally {
      clearInterval(timer);
    }
    return { took: hasSwollen(), saw: `the node grew from ${Math.round(before)} to ${Math.round(most)} MB` };
  },
});

export const endlessLine = longLine('followed to its end', ['log-line-length'], async (reading) => {
  const { fleet, begin, hasSwollen } = reading;
  // A log of its own: what an earlier reader saw must not be taken for the end of this line.
  const name = `follow-${fleet.node().pid}`;
  const follow = await fleet.spawnOwner(['apps', 'logs', LOUD_APP, '--follow', '--json'], name);
  await begin();
  await eventually(
    'the end of the line',
    async () => (hasSwollen() || endOf(follow.logFile).includes(END) ? true : undefined),
    PATIENCE_MS,
  );
  follow.kill('SIGKILL');
  await follow.exited;
});

export const standingReader = longLine('for a reader that stands still', ['log-backlog'], async (reading) => {
  const { fleet, begin, printed, hasSwollen } = reading;
  const { argv, env } = ownerCommand(fleet, ['apps', 'logs', LOUD_APP, '--follow']);
  // Takes one line, and then holds the pipe without reading.
  const script = `"$@" | { head -n 1; exec sleep ${STANDING_S * 2}; }`;
  const reader = await fleet.world.spawn('hub', ['sh', '-c', script, 'sh', ...argv], { name: 'stand', env });
  await logShows(reader, /listens on/);
  await begin();
  await printed();
  const end = performance.now() + STANDING_S * 1_000;
  await eventually('the node at rest', async () => (hasSwollen() || performance.now() > end ? true : undefined));
});

/** The last words in a file that may be long. */
function endOf(path: string): string {
  return readFileSync(path).subarray(-1_000).toString();
}
