import { newId, releaseMessage, signCommand, signEntry, signReleases } from '../evil/orders.ts';
import type { AttackRow } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';

async function releaseFor(stage: FleetStage, nodeId: string) {
  const { trust, owner } = stage.disks;
  const [release] = await signReleases({ trust, by: owner, node: nodeId, appId: newId() }, 1);
  if (release === undefined) throw new Error('no release was signed');
  return release;
}

/** A8-6. */
export const wrongNode: AttackRow<FleetStage> = {
  id: 6,
  attacks: [
    {
      name: 'the release of another node',
      checks: ['release-node'],
      async run(stage) {
        const release = await releaseFor(stage, stage.disks.nodeIds.a);
        return (await stage.node('b')).deliver(releaseMessage([release]), release.header);
      },
    },
    {
      name: 'the release of another node, whose name this one now has',
      checks: ['release-node'],
      async run(stage) {
        const { trust, owner, nodeIds } = stage.disks;
        const rename = (id: string, name: string) =>
          signEntry(trust, { kind: 'rename', what: 'node', id, name }, owner);
        const b = await stage.node('b');
        await b.teach([await rename(nodeIds.b, 'a')]);
        const release = await releaseFor(stage, nodeIds.a);
        return b.deliver(releaseMessage([release]), release.header);
      },
    },
    {
      name: 'the command of another node',
      checks: ['command-node', 'command-session'],
      async run(stage) {
        const { trust, owner, nodeIds } = stage.disks;
        const a = await stage.node('a');
        const b = await stage.node('b');
        const about = { trust, by: owner, node: nodeIds.a, session: a.session() };
        const { message, hash } = await signCommand(about);
        return b.deliver(message, hash);
      },
    },
  ],
  honest: [
    {
      name: 'each its own release and command',
      async run(stage) {
        const { trust, owner, nodeIds } = stage.disks;
        const release = await releaseFor(stage, nodeIds.b);
        const b = await stage.node('b');
        const taken = await b.deliver(releaseMessage([release]), release.header);
        if (!taken.took) return taken;
        const { message, hash } = await signCommand({ trust, by: owner, node: nodeIds.b, session: b.session() });
        return b.deliver(message, hash);
      },
    },
  ],
};
