import { inMs, newId, releaseMessage, signCommand, signReleases } from '../evil/orders.ts';
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

/** A8-16: orders of now on a node that is elsewhere in time; what has ended never counts again. */
export const turnedClock: AttackRow<FleetStage> = {
  id: 16,
  attacks: [
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
  honest: ['+4m', '-50s'].map((clock) => ({
    name: `a command and a release on a node whose clock says ${clock}`,
    async run(stage) {
      const node = await stage.node('a', { clock });
      const first = await command(stage, node);
      return first.took ? release(stage, node) : first;
    },
  })),
};
