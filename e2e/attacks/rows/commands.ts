import { newId, releaseMessage, type SignedRelease, signCommand, signReleases } from '../evil/orders.ts';
import type { AttackRow } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';
import type { StagedNode } from '../world/staged-node.ts';

/** A command to node a, rightly signed for its present start. */
async function rightCommand(stage: FleetStage, node: StagedNode) {
  const { trust, owner } = stage.disks;
  return signCommand({ trust, by: owner, node: node.id, session: node.session() });
}

/** A8-1. */
export const replay: AttackRow<FleetStage> = {
  id: 1,
  attacks: [
    {
      name: 'at once',
      checks: ['command-counter'],
      async run(stage) {
        const node = await stage.node('a');
        const { message, hash } = await rightCommand(stage, node);
        await node.deliver(message, hash);
        return node.deliver(message, hash);
      },
    },
    {
      name: 'after a restart of the agent',
      checks: ['command-session'],
      async run(stage) {
        const node = await stage.node('a');
        const { message, hash } = await rightCommand(stage, node);
        await node.deliver(message, hash);
        await node.restart();
        return node.deliver(message, hash);
      },
    },
    {
      name: 'after an older data folder was put back',
      checks: ['command-session'],
      async run(stage) {
        const node = await stage.node('a');
        const { message, hash } = await rightCommand(stage, node);
        await node.deliver(message, hash);
        await node.putBack();
        return node.deliver(message, hash);
      },
    },
  ],
  honest: [
    {
      name: 'a command, then another of the same device',
      async run(stage) {
        const node = await stage.node('a');
        const { trust, owner } = stage.disks;
        const about = { trust, by: owner, node: node.id, session: node.session() };
        const writer = newId();
        const first = await signCommand(about, { writer, counter: 1 });
        const second = await signCommand(about, { writer, counter: 2 });
        await node.deliver(first.message, first.hash);
        return node.deliver(second.message, second.hash);
      },
    },
  ],
};

async function fiveReleases(stage: FleetStage, node: StagedNode): Promise<SignedRelease[]> {
  const { trust, owner } = stage.disks;
  return signReleases({ trust, by: owner, node: node.id, appId: newId() }, 5);
}

/** A8-2. */
export const rollBack: AttackRow<FleetStage> = {
  id: 2,
  attacks: [
    {
      name: 'the third after the fifth',
      checks: ['release-floor'],
      async run(stage) {
        const node = await stage.node('a');
        const all = await fiveReleases(stage, node);
        await node.deliver(releaseMessage(all), all[4]?.header ?? '');
        return node.deliver(releaseMessage(all.slice(0, 3)), all[2]?.header ?? '');
      },
    },
    {
      name: 'the third after kill -9 while the fifth was written',
      checks: ['release-floor'],
      async run(stage) {
        const node = await stage.node('a');
        const all = await fiveReleases(stage, node);
        const evil = await stage.evilCore();
        await node.deliver(releaseMessage(all.slice(0, 4)), all[3]?.header ?? '');
        evil.send(node.id, releaseMessage(all));
        await node.restart('SIGKILL');
        return node.deliver(releaseMessage(all.slice(0, 3)), all[2]?.header ?? '');
      },
    },
  ],
  honest: [
    {
      name: 'the fifth after the third',
      async run(stage) {
        const node = await stage.node('a');
        const all = await fiveReleases(stage, node);
        await node.deliver(releaseMessage(all.slice(0, 3)), all[2]?.header ?? '');
        return node.deliver(releaseMessage(all), all[4]?.header ?? '');
      },
    },
  ],
};
