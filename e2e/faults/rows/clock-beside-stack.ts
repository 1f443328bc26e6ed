import { setClock } from '#world/shifted-clock.ts';
import type { Running } from '#world/world.ts';
import { startAsking } from '../asking.ts';
import type { LabPlace } from '../lab-place.ts';
import type { Row } from '../row.ts';
import { JUMPS, PAST_ACCEPT_BY } from './jumping-clock.ts';

/** What PAST_ACCEPT_BY adds to the true time. */
const AHEAD_MS = 30 * 86_400_000;
/** Where the node's clock is told what it is. */
const CLOCK_FILE = '/run/lab-clock';
/** How long the node is left with a clock: its reports and looks at the engine come every few seconds. */
const LEFT_MS = 6_000;

/** B4-13 and A8-16: the clock of a running node jumps; what it runs is neither stopped nor made anew, and goes on to serve. */
export const clockBesideStack: Row = {
  id: '13s',
  title: 'clock of a running node jumps beside a running stack',
  async run(grounds) {
    const place = await grounds.lab();
    const problems: string[] = [];
    const before = await place.containers();
    const agent = await startMovable(place);
    const stop = await startAsking(place);
    let wrongAccepts = 0;
    let wrongStops = 0;
    for (const jump of JUMPS) {
      moveClock(place, jump);
      if (jump === PAST_ACCEPT_BY) await place.deploy('lab/web:2', 'past-its-time');
      await new Promise((resolve) => setTimeout(resolve, LEFT_MS));
      const changed = await changes(place, before);
      problems.push(...changed.map((one) => `at ${jump}: ${one}`));
      if (changed.length > 0 && jump !== PAST_ACCEPT_BY) wrongStops++;
      if (jump === PAST_ACCEPT_BY) {
        if (changed.length > 0) wrongAccepts++;
        const moved = new Date(Date.now() + AHEAD_MS).toISOString().slice(0, 11);
        if (!agent.log().includes(moved)) problems.push(`the node wrote nothing with the date ${moved}: did it jump?`);
      }
      if (!agent.isRunning()) problems.push(`at ${jump} the node died: ${agent.log().slice(-400)}`);
      grounds.note(`${jump}: ${changed.length === 0 ? 'the stack runs on' : changed.join(', ')}`);
      moveClock(place, '+0');
    }
    const asked = await stop();
    if (asked.failed > 0) problems.push(`${asked.failed} of ${asked.asked} requests failed`);
    if (asked.asked === 0) problems.push('nobody asked for the page');

    const told = await place.deploy('lab/web:1', 'right-again');
    const outcome = await place.settled();
    const lost = told.code === 0 && outcome !== 'done' ? 1 : 0;
    if (told.code !== 0 || outcome !== 'done') problems.push(`with the right time: ${outcome}, ${told.said}`);
    await startTrue(place, agent);
    const figures = `wrong stops ${wrongStops}, wrong accepts ${wrongAccepts}, ${asked.failed} of ${asked.asked} requests failed`;
    return { points: JUMPS.length, acknowledged: told.code === 0 ? 1 : 0, lost, figures, problems };
  },
  async control(grounds) {
    const place = await grounds.lab();
    const before = await place.containers();
    await place.world.docker(['restart', '-t', '1', ...before.map(({ id }) => id)]);
    return { seen: (await changes(place, before)).length > 0, what: 'a container that was started again by hand' };
  },
};

async function startMovable(place: LabPlace): Promise<Running> {
  const { fleet, world } = place;
  fleet.node().kill('SIGTERM');
  await fleet.node().exited;
  moveClock(place, '+0');
  const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
  const shift = [`LD_PRELOAD=${library}`, `FAKETIME_TIMESTAMP_FILE=${CLOCK_FILE}`];
  const live = ['DONT_FAKE_MONOTONIC=1', 'FAKETIME_NO_CACHE=1'];
  const argv = ['env', ...shift, ...live, 'node', '/opt/overseer/overseer.mjs', 'node', 'start'];
  const agent = await world.spawn('n1', argv, { name: `movable-${performance.now().toFixed(0)}` });
  await place.vouch(agent);
  return agent;
}

async function startTrue(place: LabPlace, agent: Running): Promise<void> {
  agent.kill('SIGTERM');
  await agent.exited;
  await place.vouch(await place.fleet.startNode());
}

const moveClock = ({ world }: LabPlace, clock: string): void => setClock(world.nodePath(CLOCK_FILE), clock);

/** What is not as it was: containers that came, went, stopped or started again. */
async function changes(place: LabPlace, before: Awaited<ReturnType<LabPlace['containers']>>): Promise<string[]> {
  const line = (one: (typeof before)[number]) => `${one.name} ${one.status} ${one.version} since ${one.startedAt}`;
  const now = new Set((await place.containers()).map(line));
  return before
    .filter((one) => !now.delete(line(one)))
    .map((one) => `${one.name} is not as it was`)
    .concat([...now]);
}
