import { faultCommand } from '#world/cache/parts/fault-tools.ts';
import { eventually } from '../../journeys/fleet.ts';
import { type BareFleet, copyOf, deployArguments } from '../bare-fleet.ts';
import { lookIntoCore, lookIntoNode } from '../look-into.ts';
import type { Row } from '../row.ts';
import { isLossSeen } from './standing-still.ts';

/** Longer than a link takes to find out that nobody answers. */
const CUT_MS = 20_000;
const LINK = 7444;

/** What is dropped on the link; the other way goes on. */
const CUTS: Readonly<Record<string, readonly string[]>> = {
  'both ways': [`tcp dport ${LINK} drop`, `tcp sport ${LINK} drop`],
  'node can not speak': [`tcp dport ${LINK} drop`],
  'node can not hear': [`tcp sport ${LINK} drop`],
};

/** Beside B4-9: packets between core and node vanish, also in one direction only, while somebody publishes. */
export const partition: Row = {
  id: 'cut',
  title: 'partition between core and node, both ways and one way',
  async run(grounds) {
    const fleet = await grounds.bare();
    const problems: string[] = [];
    const times: string[] = [];
    let acknowledged = 0;
    let lost = 0;
    for (const name of Object.keys(CUTS)) {
      const one = await cutLink(fleet, name);
      acknowledged += one.acknowledged;
      lost += one.lost;
      times.push(`${name}: together ${(one.backMs / 1_000).toFixed(1)} s after the heal`);
      problems.push(...one.problems.map((problem) => `${name}: ${problem}`));
      grounds.note(times.at(-1) ?? '');
    }
    return { points: times.length, acknowledged, lost, figures: times.join('; '), problems };
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    await fleet.startCore();
    const whole = await fleet.cli(['nodes', 'list', '--json']);
    await drop(fleet, [`tcp dport ${fleet.coreHttpPort} drop`]);
    const cut = await fleet.cli(['nodes', 'list', '--json'], { timeoutMs: 10_000 });
    await heal(fleet);
    await fleet.rest();
    const isCut = whole.code === 0 && cut.code !== 0;
    return { seen: isCut && (await isLossSeen(fleet)), what: 'a cut of the other port is felt, a planted loss seen' };
  },
};

/** Publishes while the link is cut: the core keeps it, the node takes it once, and both agree after the heal. */
async function cutLink(fleet: BareFleet, name: string) {
  fleet.restore('ready');
  const problems: string[] = [];
  await fleet.startCore();
  const node = await fleet.startNode();
  const ended = (count: number) => async () => {
    const { jobs } = await lookIntoCore(copyOf(fleet.coreFolder, 'seen'));
    return jobs.length === count && jobs.every((state) => /failed|done/.test(state)) ? true : undefined;
  };
  await fleet.vouch();
  await eventually('the first job ends', ended(1));
  await drop(fleet, CUTS[name] ?? []);
  const answer = await fleet.cli(await deployArguments(fleet, '2'));
  if (answer.code !== 0) problems.push(`the publish ended with ${answer.code}: ${answer.stdout}${answer.stderr}`);
  await new Promise((resolve) => setTimeout(resolve, CUT_MS));
  if (await ended(2)()) problems.push('the job ended while the link was cut: the cut was none');
  await heal(fleet);
  const from = performance.now();
  await eventually('the job ends after the heal', ended(2), 60_000).catch((cause: Error) =>
    problems.push(cause.message),
  );
  const backMs = performance.now() - from;
  const [listed] = (await fleet.cli(['nodes', 'list', '--json'])).lines.at(-1) as { status: string }[];
  if (listed?.status !== 'online') problems.push(`the node is shown as ${listed?.status}`);
  if (!node.isRunning()) problems.push(`the agent died: ${node.log().slice(-400)}`);
  await fleet.rest();
  const core = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  const own = await lookIntoNode(copyOf(fleet.nodeFolder, 'after'));
  problems.push(...core.mixed, ...own.mixed);
  if (own.releases.length !== 2) problems.push(`the node holds ${own.releases.length} releases, not two`);
  const tried = node.log().split('Release 2 of').length - 1;
  if (tried !== 1) problems.push(`release 2 was applied ${tried} times`);
  const told = answer.code === 0 ? (answer.lines.at(-1) as { header: string }).header : undefined;
  const lost = told === undefined || own.releases.some(({ header }) => header === told) ? 0 : 1;
  return { acknowledged: told === undefined ? 0 : 1, lost, problems, backMs };
}

async function drop(fleet: BareFleet, rules: readonly string[]): Promise<void> {
  const lines = ['table inet cut {', 'chain out {', 'type filter hook output priority 0', ...rules, '}', '}', ''];
  await nft(fleet, lines.join('\n'));
}

const heal = (fleet: BareFleet): Promise<void> => nft(fleet, 'delete table inet cut');

async function nft(fleet: BareFleet, input: string): Promise<void> {
  const done = await fleet.bubble.exec([...faultCommand('usr/sbin/nft'), '-f', '-'], { input });
  if (done.code !== 0) throw new Error(`nft: ${done.stderr}`);
}
