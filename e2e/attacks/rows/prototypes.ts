import { inMs, itemHash, newId, plainBody, releaseMessage, sha256Hex, signRaw } from '../evil/orders.ts';
import type { AttackRow } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';

/** A release that its owner signed, with `extra` written into its header as it stands. */
async function releaseWith(stage: FleetStage, extra: string) {
  const { trust, owner, nodeIds } = stage.disks;
  const body = plainBody('web');
  const header = {
    fleet: trust.fleet,
    signer: owner.deviceId,
    requires: [],
    trustHead: trust.head,
    auditHead: null,
    appId: newId(),
    node: nodeIds.a,
    number: 1,
    previous: null,
    body: sha256Hex(body),
    changeSet: newId(),
    issuedAt: inMs(-1_000),
    acceptBy: inMs(3_600_000),
    after: [],
  };
  const envelope = await signRaw('release', JSON.stringify(header).replace(/\}$/, `,${extra}}`), owner);
  return { envelope, hash: itemHash(envelope), appId: header.appId, body };
}

const RESERVED = [
  '"__proto__":{"polluted":true}',
  '"constructor":{"prototype":{"polluted":true}}',
  '"a":[{"b":{"__proto__":{"polluted":1}}}]',
];

/** A8-25. */
export const pollution: AttackRow<FleetStage> = {
  id: 25,
  attacks: RESERVED.map((extra) => ({
    name: `a signed header with ${extra}`,
    checks: ['reserved-keys'],
    async run(stage) {
      const { envelope, hash, appId, body } = await releaseWith(stage, extra);
      return (await stage.node('a')).deliver(releaseMessage([{ envelope, appId, body }]), hash);
    },
  })),
  honest: [
    {
      name: 'a signed header with a further field of another name',
      async run(stage) {
        const { envelope, hash, appId, body } = await releaseWith(stage, '"proto":{"polluted":true}');
        return (await stage.node('a')).deliver(releaseMessage([{ envelope, appId, body }]), hash);
      },
    },
  ],
};
