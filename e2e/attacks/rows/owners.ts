import {
  addDevice,
  type Envelope,
  extended,
  newId,
  releaseMessage,
  revokeDevice,
  type SignedRelease,
  signCommand,
  signEntry,
  signReleases,
  type TrustState,
} from '../evil/orders.ts';
import { makeDevice, type OpenDevice } from '../evil/stolen-device.ts';
import type { AttackRow, Verdict } from '../row.ts';
import { type FleetStage, type NodeName, nodeNames } from '../world/fleet-world.ts';
import type { StagedNode } from '../world/staged-node.ts';
import { allOrNone } from './verdicts.ts';

const ownerPerson = (trust: TrustState): string => trust.genesis?.person.personId ?? '';

/** A second command line of the owner, let in by the first. */
async function withSecondDevice(stage: FleetStage) {
  const { trust, owner } = stage.disks;
  const second = await makeDevice('second');
  const entry = await signEntry(trust, addDevice(second, ownerPerson(trust)), owner);
  return { owner, second, entries: [entry], trust: await extended(trust, [entry]) };
}

async function releaseBy(trust: TrustState, by: OpenDevice, node: string): Promise<SignedRelease> {
  const [release] = await signReleases({ trust, by, node, appId: newId() }, 1);
  if (release === undefined) throw new Error('no release was signed');
  return release;
}

async function orderBy(node: StagedNode, trust: TrustState, by: OpenDevice): Promise<Verdict> {
  const release = await releaseBy(trust, by, node.id);
  return node.deliver(releaseMessage([release]), release.header);
}

/** A fleet that asks for two owners' devices before a further one counts. */
async function withThreshold(stage: FleetStage) {
  const { owner, second, entries, trust } = await withSecondDevice(stage);
  const ask = { kind: 'threshold', owners: 2 } as const;
  const first = await signEntry(trust, ask, owner);
  const both = await signEntry(await extended(trust, [first]), ask, second);
  const all = [...entries, first, both];
  return { owner, second, entries: all, trust: await extended(trust, [first, both]) };
}

/** A8-9. */
export const belowThreshold: AttackRow<FleetStage> = {
  id: 9,
  attacks: [
    {
      name: 'one owner alone lets a device in where two must',
      checks: ['owner-threshold'],
      async run(stage) {
        const { second, entries, trust } = await withThreshold(stage);
        const further = await makeDevice('of a thief');
        const entry = await signEntry(trust, addDevice(further, ownerPerson(trust)), second);
        const node = await stage.node('a');
        await node.teach([...entries, entry]);
        return orderBy(node, trust, further);
      },
    },
    {
      name: 'one owner says it twice',
      checks: ['votes-by-signer'],
      async run(stage) {
        const { second, entries, trust } = await withThreshold(stage);
        const further = await makeDevice('of a thief');
        const words = addDevice(further, ownerPerson(trust));
        const once = await signEntry(trust, words, second);
        const twice = await signEntry(await extended(trust, [once]), words, second);
        const node = await stage.node('a');
        await node.teach([...entries, once, twice]);
        return orderBy(node, trust, further);
      },
    },
  ],
  honest: [
    {
      name: 'two owners let a device in',
      async run(stage) {
        const { owner, second, entries, trust } = await withThreshold(stage);
        const further = await makeDevice('third');
        const words = addDevice(further, ownerPerson(trust));
        const one = await signEntry(trust, words, second);
        const two = await signEntry(await extended(trust, [one]), words, owner);
        const node = await stage.node('a');
        await node.teach([...entries, one, two]);
        return orderBy(node, await extended(trust, [one, two]), further);
      },
    },
  ],
};

const QUEUED = 100;

/** A8-12. */
export const revokedDevice: AttackRow<FleetStage> = {
  id: 12,
  attacks: [
    {
      name: 'a release that was signed before, delivered after',
      checks: ['signer-allowed'],
      async run(stage) {
        const { owner, second, entries, trust } = await withSecondDevice(stage);
        const node = await stage.node('a');
        const queued = await releaseBy(trust, second, node.id);
        await node.teach([...entries, await signEntry(trust, revokeDevice(second.deviceId), owner)]);
        return node.deliver(releaseMessage([queued]), queued.header);
      },
    },
    {
      name: `${QUEUED} commands that were queued while the node was cut off`,
      checks: ['signer-allowed'],
      async run(stage) {
        const { owner, second, entries, trust } = await withSecondDevice(stage);
        const node = await stage.node('a');
        const about = { trust, by: second, node: node.id, session: node.session() };
        const queued = await Promise.all(Array.from({ length: QUEUED }, () => signCommand(about)));
        await node.teach([...entries, await signEntry(trust, revokeDevice(second.deviceId), owner)]);
        return node.deliverAll(queued.map(({ message, hash }) => ({ order: message, hash })));
      },
    },
  ],
  honest: [
    {
      name: 'a device that stays, while another is revoked',
      async run(stage) {
        const { owner, second, entries, trust } = await withSecondDevice(stage);
        const node = await stage.node('a');
        const revocation = await signEntry(trust, revokeDevice(second.deviceId), owner);
        await node.teach([...entries, revocation]);
        return orderBy(node, await extended(trust, [revocation]), owner);
      },
    },
  ],
};

/** Each of five nodes hears the two sides of a partition in one order or the other, then all have heard both. */
async function heal(stage: FleetStage, below: readonly Envelope[], one: Envelope[], other: Envelope[]) {
  const orders = [
    [...one, ...other],
    [...other, ...one],
  ];
  const hearOut = async (name: NodeName, index: number) => {
    const node = await stage.node(name);
    await node.teach(below);
    for (const entry of orders[index % 2] ?? []) await node.teach([entry]);
    await node.restart();
    return node;
  };
  await stage.evilCore();
  const nodes = await Promise.all(nodeNames.map(hearOut));
  const heads = new Set(nodes.map((node) => node.trustHead()));
  if (heads.size !== 1) throw new Error(`the nodes stand at different heads: ${[...heads].join(', ')}`);
  return nodes;
}

async function anyOrder(nodes: readonly StagedNode[], trust: TrustState, by: readonly OpenDevice[]): Promise<Verdict> {
  let last: Verdict = { took: false, saw: 'nothing was tried' };
  const refusalMs: number[] = [];
  for (const node of nodes) {
    for (const device of by) {
      last = await orderBy(node, trust, device);
      if (last.took) return { ...last, saw: `${device.name}: ${last.saw}` };
      refusalMs.push(...(last.refusalMs ?? []));
    }
  }
  return { ...last, refusalMs };
}

/** A8-13. */
export const comesBack: AttackRow<FleetStage> = {
  id: 13,
  attacks: [
    {
      name: 'it lets another of its own in, beside its revocation',
      checks: ['revocation-voids'],
      async run(stage) {
        const { owner, second, entries, trust } = await withSecondDevice(stage);
        const friend = await makeDevice('of a thief');
        const removal = await signEntry(trust, revokeDevice(second.deviceId), owner);
        const addition = await signEntry(trust, addDevice(friend, ownerPerson(trust)), second);
        return anyOrder(await heal(stage, entries, [removal], [addition]), trust, [friend, second]);
      },
    },
  ],
  honest: [
    {
      name: 'a new device that the owner lets in beside the revocation',
      async run(stage) {
        const { owner, second, entries, trust } = await withSecondDevice(stage);
        const third = await makeDevice('third');
        const removal = await signEntry(trust, revokeDevice(second.deviceId), owner);
        const addition = await signEntry(trust, addDevice(third, ownerPerson(trust)), owner);
        const verdicts: Verdict[] = [];
        for (const node of await heal(stage, entries, [removal], [addition]))
          verdicts.push(await orderBy(node, await extended(trust, [addition]), third));
        return allOrNone(verdicts);
      },
    },
  ],
};

/** A8-45. */
export const mutualRevocation: AttackRow<FleetStage> = {
  id: 45,
  attacks: [
    {
      name: 'the thief revokes the owner beside his own revocation, and lets a device in',
      checks: ['elder-stays'],
      async run(stage) {
        const { owner, second: thief, entries, trust } = await withSecondDevice(stage);
        const friend = await makeDevice('of the thief');
        const byOwner = await signEntry(trust, revokeDevice(thief.deviceId), owner);
        const byThief = await signEntry(trust, revokeDevice(owner.deviceId), thief);
        const beside = await signEntry(trust, addDevice(friend, ownerPerson(trust)), thief);
        return anyOrder(await heal(stage, entries, [byOwner], [byThief, beside]), trust, [thief, friend]);
      },
    },
  ],
  honest: [
    {
      name: 'the elder goes on in both partitions',
      async run(stage) {
        const { owner, second: thief, entries, trust } = await withSecondDevice(stage);
        const byOwner = await signEntry(trust, revokeDevice(thief.deviceId), owner);
        const byThief = await signEntry(trust, revokeDevice(owner.deviceId), thief);
        const verdicts: Verdict[] = [];
        for (const node of await heal(stage, entries, [byOwner], [byThief]))
          verdicts.push(await orderBy(node, trust, owner));
        return allOrNone(verdicts);
      },
    },
  ],
};
