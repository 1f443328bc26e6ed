import { eventually } from '../../journeys/fleet.ts';
import { type BareFleet, copyOf, deployArguments } from '../bare-fleet.ts';
import { buildBroken } from '../broken-build.ts';
import { lookIntoCore, lookIntoNode } from '../look-into.ts';
import type { Row } from '../row.ts';
import { shifted, unwrapped } from '../wrapped.ts';

/** The stated jumps, as libfaketime takes them. */
export const JUMPS = ['-1h', '+30d', '@1970-01-02 00:00:00', '+0 x10'] as const;
const ROLES = ['core', 'node', 'device'] as const;
/** A clock that far ahead is past `acceptBy` of everything that was signed by a true clock. */
export const PAST_ACCEPT_BY = '+30d';

const TAKES_THE_EXPIRED = {
  file: 'shared/trust/releases/decide-release.ts',
  from: 'if (acceptByMs <= now)',
  to: 'if (acceptByMs < 0)',
};

/** B4-13: the clock of one program stands elsewhere while it works, then right again. */
export const jumpingClock: Row = {
  id: '13',
  title: 'clock of core, node or CLI at -1 h, +30 d, 1970, x10',
  async run(grounds) {
    const fleet = await grounds.bare();
    const problems: string[] = [];
    let acknowledged = 0;
    let lost = 0;
    let refused = 0;
    let wrongAccepts = 0;
    const jumps = ROLES.flatMap((role) => JUMPS.map((jump) => ({ role, jump })));
    const chosen = jumps.filter((_, index) => index % grounds.stride === 0);
    for (const { role, jump } of chosen) {
      const one = await jumpOf(fleet, role, jump);
      acknowledged += one.acknowledged;
      lost += one.lost;
      refused += one.refused ? 1 : 0;
      wrongAccepts += one.wrongAccepts;
      problems.push(...one.problems.map((problem) => `${role} at ${jump}: ${problem}`));
      grounds.note(`${role} at ${jump}: ${one.refused ? 'refused' : 'taken'}, wrong accepts ${one.wrongAccepts}`);
    }
    if (wrongAccepts > 0) problems.push(`${wrongAccepts} releases were accepted outside of their time`);
    const figures = `wrong accepts ${wrongAccepts}, publishes refused while shifted ${refused}`;
    const swept = `${chosen.length} of ${jumps.length} jumps`;
    return { points: chosen.length, acknowledged, lost, swept, figures, problems };
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    fleet.runs(await buildBroken([TAKES_THE_EXPIRED]));
    const one = await jumpOf(fleet, 'node', PAST_ACCEPT_BY);
    return { seen: one.wrongAccepts > 0, what: 'a node that takes what has expired' };
  },
};

interface Jumped {
  readonly acknowledged: number;
  readonly lost: number;
  readonly refused: boolean;
  readonly wrongAccepts: number;
  readonly problems: readonly string[];
}

/** All three work together while one is shifted; then all are right, and the same wish must be taken and stand last. */
async function jumpOf(fleet: BareFleet, role: (typeof ROLES)[number], jump: string): Promise<Jumped> {
  fleet.restore('ready');
  const problems: string[] = [];
  const wrapOf = (one: string) => (one === role ? shifted(jump) : unwrapped);
  const core = await fleet.startCoreIn(wrapOf('core'));
  const node = await fleet.startNodeIn(wrapOf('node'));
  await eventually('the node has met the core', async () => (/Connected/.test(node.log()) ? true : undefined)).catch(
    () => problems.push(`the node does not connect: ${node.log().slice(-400)}`),
  );
  const answer = await fleet.ownerIn(wrapOf('device'), await deployArguments(fleet, '2'));
  // An order that is past its time is judged within a moment; what is not taken by then was refused.
  await eventually(
    'the node has judged',
    async () => (/Accepted release|Refused release|superseded/.test(node.log()) ? true : undefined),
    8_000,
  ).catch(() => undefined);
  for (const one of [core, node]) if (!one.isRunning()) problems.push(`it died: ${one.log().slice(-400)}`);
  if (/\n\s+at /.test(answer.stderr)) problems.push(`the CLI shows a stack: ${answer.stderr}`);
  if (![0, 3, 4, 75].includes(answer.code ?? -1))
    problems.push(`the CLI ended with ${answer.code}: ${answer.stdout}${answer.stderr}`);
  await fleet.rest();
  const told = answer.code === 0 ? (answer.lines.at(-1) as { header: string }).header : undefined;
  const shiftedNode = await lookIntoNode(copyOf(fleet.nodeFolder, 'shifted'));
  const isPast = role === 'node' && jump === PAST_ACCEPT_BY;
  const wrongAccepts = isPast ? shiftedNode.releases.length : 0;

  await fleet.startCore();
  await fleet.startNode();
  const again = await fleet.cli(await deployArguments(fleet, '3'));
  if (again.code !== 0)
    problems.push(`with the right time it ended with ${again.code}: ${again.stdout}${again.stderr}`);
  await fleet.rest();
  const seen = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
  const own = await lookIntoNode(copyOf(fleet.nodeFolder, 'after'));
  problems.push(...seen.mixed, ...own.mixed);
  const foreign = seen.nodeAudit.filter((entry) => !own.audit.includes(entry));
  if (foreign.length > 0) problems.push('the core holds entries that the node has no more');
  if (!seen.releases.at(-1)?.body.includes('"V":"3"')) problems.push('the last release is not V=3');
  const lost = told === undefined || seen.releases.some(({ header }) => header === told) ? 0 : 1;
  return { acknowledged: told === undefined ? 0 : 1, lost, refused: answer.code !== 0, wrongAccepts, problems };
}
