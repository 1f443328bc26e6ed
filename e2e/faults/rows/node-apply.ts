import { sidCommand } from '#world/cache/parts/tools.ts';
import type { Running } from '#world/world.ts';
import { belowTracer } from '../bubble.ts';
import type { LabPlace } from '../lab-place.ts';
import type { Row } from '../row.ts';
import { everyOf, type Point, sweep } from '../sweep.ts';

const AGENT = ['node', '/opt/overseer/overseer.mjs', 'node', 'start'];
/** What is counted on the agent's main thread, on which it writes its store and speaks to the engine. */
const CALLS = { sync: 'fsync,fdatasync', engine: 'connect' } as const;

/** B4-2: the agent dies at each sync and at each call to the engine of an apply; the next run ends it. */
export const nodeApply: Row = {
  id: '2',
  title: 'kill -9 of the node at each sync and engine call of an apply',
  async run(grounds) {
    const place = await grounds.lab();
    const versions = { next: 2 };
    const sync = await sweep(grounds, 'apply, sync', (when) => killAt(place, versions, CALLS.sync, when));
    const engine = await sweep(grounds, 'apply, engine call', (when) => killAt(place, versions, CALLS.engine, when));
    return {
      points: sync.points + engine.points,
      acknowledged: sync.acknowledged + engine.acknowledged,
      lost: sync.lost + engine.lost,
      swept: `${sync.swept}, ${everyOf(grounds.stride, 'engine call')}`,
      figures: `${sync.points} syncs, ${sync.figures}; ${engine.points} engine calls, ${engine.figures}`,
      problems: [...sync.problems, ...engine.problems],
    };
  },
  async control(grounds) {
    const place = await grounds.lab();
    const { world, appId } = place;
    const [own] = await place.containers();
    // What a run that begins anew without looking would leave behind.
    const label = `com.docker.compose.project=ov-${appId}`;
    await world.docker(['create', '--name', `ov-${appId}-web-9`, '--label', label, '-e', 'VERSION=v0', 'lab/web:1']);
    await world.docker(['network', 'create', `ov_${appId}_orphan`]);
    const seen = (await notOnce(place, own?.version ?? '', [])).length;
    await world.docker(['rm', '-f', `ov-${appId}-web-9`]);
    await world.docker(['network', 'rm', `ov_${appId}_orphan`]);
    return { seen: seen >= 2, what: 'a second container and an orphan network, planted' };
  },
};

async function killAt(place: LabPlace, versions: { next: number }, calls: string, when: number): Promise<Point> {
  const { fleet } = place;
  const before = await place.networks();
  if (fleet.node().isRunning()) {
    fleet.node().kill('SIGTERM');
    await fleet.node().exited;
  }
  const agent = await startTraced(place, calls, when);
  await place.vouch(agent);
  const value = `v${versions.next++}`;
  const told = await place.deploy(`lab/web:${1 + (versions.next % 2)}`, value);
  const problems: string[] = [];
  if (told.code !== 0) problems.push(`the deploy ended with ${told.code}: ${told.said}`);
  // Either the job ends, or the node does. A look that went on meanwhile would share its copy with the next.
  await place.settled(undefined, () => !agent.isRunning());
  if (agent.isRunning()) agent.kill('SIGTERM');
  const killed = (await agent.exited).signal === 'SIGKILL';

  const restarted = performance.now();
  await place.vouch(await fleet.startNode());
  const outcome = await place.settled();
  const convergedMs = performance.now() - restarted;
  if (outcome !== 'done') problems.push(`the job ended as ${outcome}`);
  const wrong = await notOnce(place, value, before);
  problems.push(...wrong);
  const [only] = await place.containers();
  const lost = told.code === 0 && only?.version !== value ? 1 : 0;
  return { killed, acknowledged: told.code === 0 ? 1 : 0, lost, problems, convergedMs };
}

/** Only the main thread is traced: helpers such as Compose are not what dies here. */
async function startTraced(place: LabPlace, calls: string, when: number): Promise<Running> {
  const strace = sidCommand(place.toolsInNode, 'usr/bin/strace');
  const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:signal=KILL:when=${when}`];
  const argv = [...strace, '--kill-on-exit', '-qq', '-o', '/dev/null', ...inject, '--', ...AGENT];
  const tracer = await place.world.spawn('n1', argv, { name: `traced-${calls.split(',')[0]}-${when}` });
  return belowTracer(tracer, 'node');
}

/** One container of the wanted version that runs, and no network more than there was. */
async function notOnce(place: LabPlace, value: string, before: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  const containers = await place.containers();
  const wanted = containers.filter(({ status, version }) => status === 'running' && version === value);
  if (containers.length !== 1 || wanted.length !== 1)
    problems.push(
      `containers: ${containers.map(({ name, status, version }) => `${name} ${status} ${version}`).join(', ')}`,
    );
  const known = before.length > 0 ? before : [`ov-in-${place.appId}`, `ov_${place.appId}_default`];
  const more = (await place.networks()).filter((name) => !known.includes(name));
  if (more.length > 0) problems.push(`networks left over: ${more.join(', ')}`);
  return problems;
}
