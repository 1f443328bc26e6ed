import { inMs, newId, plainBody, releaseMessage, signCommand, signRelease, signReleases } from '../evil/orders.ts';
import type { Attack, AttackRow, Verdict } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';
import type { StagedNode } from '../world/staged-node.ts';

const MINUTE_MS = 60_000;

async function release(stage: FleetStage, node: StagedNode): Promise<Verdict> {
  const { trust, owner } = stage.disks;
  const [one] = await signReleases({ trust, by: owner, node: node.id, appId: newId() }, 1);
  if (one === undefined) throw new Error('no release was signed');
  return node.deliver(releaseMessage([one]), one.header);
}

async function command(stage: FleetStage, node: StagedNode, endsInMs = 5 * MINUTE_MS): Promise<Verdict> {
  const { trust, owner } = stage.disks;
  const about = { trust, by: owner, node: node.id, session: node.session() };
  const { message, hash } = await signCommand(about, { expiresAt: inMs(endsInMs) });
  return node.deliver(message, hash);
}

const shifted = (
  clock: string,
  what: string,
  checks: Attack<FleetStage>['checks'],
  order: typeof release,
): Attack<FleetStage> => ({
  name: `${what}, on a node whose clock says ${clock}`,
  checks,
  run: async (stage) => order(stage, await stage.node('a', { clock })),
});

/** A release that was good until some time ago, and was kept back since. */
async function keptBack(stage: FleetStage, node: StagedNode, endedMs: number): Promise<Verdict> {
  const { trust, owner } = stage.disks;
  const header = { issuedAt: inMs(-endedMs - 60 * MINUTE_MS), acceptBy: inMs(-endedMs) };
  const about = { trust, by: owner, node: node.id, appId: newId(), number: 1, previous: null };
  const one = await signRelease({ ...about, body: plainBody('web'), header });
  return node.deliver(releaseMessage([one]), one.header);
}

/** A node that has heard what is newest, and what time it is, while its clock was right. */
const movable = (stage: FleetStage): Promise<StagedNode> => stage.node('a', { clock: '+0', canJump: true });

/** HOLD-11: a clock that is set back opens no window again. */
const setBack: Attack<FleetStage>[] = [
  {
    name: 'a command that ended a minute ago, as the clock of the running node is set back by five',
    checks: ['time-floor'],
    async run(stage) {
      const node = await movable(stage);
      node.setClock('-5m');
      return command(stage, node, -MINUTE_MS);
    },
  },
  {
    name: 'a release that ended a minute ago, as the clock of the running node is set back by five',
    checks: ['time-floor'],
    async run(stage) {
      const node = await movable(stage);
      node.setClock('-5m');
      return keptBack(stage, node, MINUTE_MS);
    },
  },
  {
    name: 'a release that ended half an hour ago, as the clock of the running node is set back by an hour',
    checks: ['time-floor', 'statement-life'],
    async run(stage) {
      const node = await movable(stage);
      node.setClock('-1h');
      return keptBack(stage, node, 30 * MINUTE_MS);
    },
  },
  {
    name: 'a release that ended half an hour ago, on a node that started again an hour back',
    checks: ['time-floor'],
    async run(stage) {
      const node = await movable(stage);
      node.setClock('-1h');
      await node.restart();
      return keptBack(stage, node, 30 * MINUTE_MS);
    },
  },
  {
    name: 'a release that ended half an hour ago, on a node that started again in 1970',
    checks: ['time-floor', 'release-ceiling'],
    async run(stage) {
      const node = await movable(stage);
      node.setClock('@1970-01-02 00:00:00');
      await node.restart();
      return keptBack(stage, node, 30 * MINUTE_MS);
    },
  },
];

/** The clock of a running node jumps through all of it: where it is not ahead what is signed now is taken, and its floor stands. */
async function throughAllJumps(stage: FleetStage): Promise<Verdict> {
  const node = await movable(stage);
  const { pid } = node.running();
  const saw: string[] = [];
  let floorMs = node.look().timeFloorMs ?? 0;
  let isGood = floorMs > 0;
  for (const clock of ['-1h', '@1970-01-02 00:00:00', '+30d', '+0', '+0 x10', '+0']) {
    node.setClock(clock);
    // Ahead it refuses, which the attacks show.
    const verdict = clock === '+30d' ? undefined : await release(stage, node);
    const now = node.look().timeFloorMs ?? 0;
    saw.push(`${clock}: ${verdict?.saw ?? 'nothing ordered'}, floor ${now - floorMs} ms later`);
    isGood &&= verdict?.took !== false && now >= floorMs && node.running().pid === pid;
    floorMs = now;
  }
  return { took: isGood, saw: saw.join('; ') };
}

/** A8-16: orders of now on a node that is elsewhere in time; what has ended never counts again. */
export const turnedClock: AttackRow<FleetStage> = {
  id: 16,
  attacks: [
    ...setBack,
    shifted('@1970-01-02 00:00:00', 'a command', ['command-ceiling'], command),
    shifted('@1970-01-02 00:00:00', 'a release', ['release-ceiling'], release),
    shifted('-1h', 'a command that ended half an hour ago', ['command-ceiling'], (stage, node) =>
      command(stage, node, -30 * MINUTE_MS),
    ),
    shifted('+30d', 'a command', ['command-expiry'], command),
    shifted('+30d', 'a release', ['accept-by'], release),
    {
      name: 'a command that ended while the clock ran ten times as fast',
      checks: ['command-expiry'],
      async run(stage) {
        const node = await stage.node('a', { clock: '+0 x10' });
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        return command(stage, node, 10_000);
      },
    },
  ],
  honest: [
    ...['+4m', '-50s'].map((clock) => ({
      name: `a command and a release on a node whose clock says ${clock}`,
      async run(stage: FleetStage) {
        const node = await stage.node('a', { clock });
        const first = await command(stage, node);
        return first.took ? release(stage, node) : first;
      },
    })),
    {
      name: 'releases of now while the clock of a running node jumps, and its floor of time stands',
      run: throughAllJumps,
    },
  ],
};
