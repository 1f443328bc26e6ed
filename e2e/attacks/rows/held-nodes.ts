import { addDevice, extended, newId, releaseMessage, revokeDevice, signEntry, signReleases } from '../evil/orders.ts';
import { makeDevice } from '../evil/stolen-device.ts';
import type { AttackRow } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';
import type { StagedNode } from '../world/staged-node.ts';

async function fiveReleases(stage: FleetStage, node: StagedNode) {
  const { trust, owner } = stage.disks;
  const all = await signReleases({ trust, by: owner, node: node.id, appId: newId() }, 5);
  const upTo = (count: number) => {
    const part = all.slice(0, count);
    return node.deliver(releaseMessage(part), part.at(-1)?.header ?? '');
  };
  return { upTo };
}

/** A8-3: the state of a node is gone, its keys are not: it is as it was right after it joined. */
export const wipedState: AttackRow<FleetStage> = {
  id: 3,
  attacks: [
    {
      name: 'the third after the fifth was forgotten, with nobody to ask',
      checks: ['holding'],
      async run(stage) {
        const node = await stage.node('a');
        const { upTo } = await fiveReleases(stage, node);
        await upTo(5);
        await node.putBack();
        return upTo(3);
      },
    },
    {
      name: 'the third after the fifth was forgotten, while a device that saw the fifth answers',
      checks: ['holding-chain'],
      async run(stage) {
        const node = await stage.node('a');
        const { upTo } = await fiveReleases(stage, node);
        await upTo(5);
        const seen = node.chainHead();
        await node.putBack();
        await node.hearStatement(seen);
        return upTo(3);
      },
    },
  ],
  honest: [
    {
      name: 'the fifth after the third, with a restart between',
      async run(stage) {
        const node = await stage.node('a');
        const { upTo } = await fiveReleases(stage, node);
        await upTo(3);
        await node.restart();
        return upTo(5);
      },
    },
  ],
};

/** A second device, its release, and the revocation that only some have heard of. */
async function revokedBeside(stage: FleetStage, node: string, acceptInMs = 0) {
  const { trust, owner } = stage.disks;
  const thief = await makeDevice('taken away');
  const added = await signEntry(trust, addDevice(thief, trust.genesis?.person.personId ?? ''), owner);
  const before = await extended(trust, [added]);
  const revoked = await signEntry(before, revokeDevice(thief.deviceId), owner);
  const about = { trust: before, by: thief, node, appId: newId(), atMs: acceptInMs };
  const [release] = await signReleases(about, 1);
  if (release === undefined) throw new Error('no release was signed');
  return { thief, added, revoked, release, before };
}

/** A8-44: the disk of a virtual machine is put back to yesterday's, when the device still counted. */
export const oldImage: AttackRow<FleetStage> = {
  id: 44,
  attacks: [
    {
      name: 'a revoked device orders, with nobody to ask',
      checks: ['holding'],
      async run(stage) {
        const node = await stage.node('a');
        const { added, revoked, release } = await revokedBeside(stage, node.id);
        await node.teach([added]);
        await node.keepImage();
        await node.teach([revoked]);
        await node.putBack();
        return node.deliver(releaseMessage([release]), release.header);
      },
    },
    {
      name: 'a revoked device orders, while a device that knows better answers',
      checks: ['holding-trust', 'holding-chain'],
      async run(stage) {
        const node = await stage.node('a');
        const { added, revoked, release } = await revokedBeside(stage, node.id);
        const { upTo } = await fiveReleases(stage, node);
        await node.teach([added]);
        await node.keepImage();
        await node.teach([revoked]);
        await upTo(1);
        const seen = { ...node.chainHead(), trust: await node.trust() };
        await node.putBack();
        await node.hearStatement(seen);
        return node.deliver(releaseMessage([release]), release.header);
      },
    },
  ],
  honest: [
    {
      name: 'an owner lets the node go on, and it has heard what it forgot',
      async run(stage) {
        const { trust, owner } = stage.disks;
        const node = await stage.node('a');
        const { added, revoked, before } = await revokedBeside(stage, node.id);
        await node.teach([added]);
        await node.keepImage();
        const { upTo } = await fiveReleases(stage, node);
        await node.teach([revoked]);
        await upTo(1);
        const seen = node.chainHead();
        await node.putBack();
        await node.teach([revoked]);
        await node.hearStatement({ ...seen, goOn: true });
        const about = { trust: await extended(before, [revoked]), by: owner, node: node.id, appId: newId() };
        const [next] = await signReleases({ ...about }, 1);
        if (next === undefined) throw new Error(`no release was signed in ${trust.fleet}`);
        return node.deliver(releaseMessage([next]), next.header);
      },
    },
  ],
};

const DAY_MS = 24 * 3_600_000;

/** A8-4: evil-core keeps the revocation back, and time passes. */
export const freeze: AttackRow<FleetStage> = {
  id: 4,
  attacks: [
    {
      name: 'the revocation is kept back for more than a day',
      checks: ['statement-life'],
      async run(stage) {
        const node = await stage.node('a', { clock: '+0', canJump: true });
        const { added, release } = await revokedBeside(stage, node.id, DAY_MS + 3_600_000);
        await node.teach([added]);
        node.setClock('+25h');
        return node.deliver(releaseMessage([release]), release.header);
      },
    },
  ],
  honest: [
    {
      name: 'a day later an honest device answers again',
      async run(stage) {
        const { trust, owner } = stage.disks;
        const node = await stage.node('a', { clock: '+0', canJump: true });
        node.setClock('+25h');
        await node.restart();
        const atMs = DAY_MS + 3_600_000;
        const [release] = await signReleases({ trust, by: owner, node: node.id, appId: newId(), atMs }, 1);
        if (release === undefined) throw new Error('no release was signed');
        return node.deliver(releaseMessage([release]), release.header);
      },
    },
  ],
};
