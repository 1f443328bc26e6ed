import {
  bitFlips,
  type Forgery,
  missingSignatures,
  rewritten,
  withSecondBody,
  worthlessSignatures,
} from '../evil/forgeries.ts';
import {
  newId,
  plainBody,
  releaseMessage,
  type SignedRelease,
  sha256Hex,
  signRelease,
  signReleases,
} from '../evil/orders.ts';
import { makeDevice, type OpenDevice } from '../evil/stolen-device.ts';
import type { Attack, AttackRow, Verdict } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';
import { anyTook } from './verdicts.ts';

async function rightRelease(stage: FleetStage, by: OpenDevice = stage.disks.owner): Promise<SignedRelease> {
  const { trust, nodeIds } = stage.disks;
  const [release] = await signReleases({ trust, by, node: nodeIds.a, appId: newId() }, 1);
  if (release === undefined) throw new Error('no release was signed');
  return release;
}

/** Delivers each forgery of a rightly signed release; the first that is taken ends it. */
async function deliverAll(
  stage: FleetStage,
  release: SignedRelease,
  forgeries: readonly Forgery[],
  body = release.body,
): Promise<Verdict> {
  const node = await stage.node('a');
  const verdicts: Verdict[] = [];
  for (const { how, envelope, hash } of forgeries) {
    const verdict = await node.deliver(releaseMessage([{ ...release, envelope, body }]), hash);
    verdicts.push({ ...verdict, saw: `${how}: ${verdict.saw}` });
    if (verdict.took) break;
  }
  return anyTook(verdicts);
}

const forged = (
  name: string,
  checks: Attack<FleetStage>['checks'],
  make: (release: SignedRelease) => Forgery[],
): Attack<FleetStage> => ({
  name,
  checks,
  async run(stage) {
    const release = await rightRelease(stage);
    return deliverAll(stage, release, make(release));
  },
});

/** A8-7. */
export const forgedSignatures: AttackRow<FleetStage> = {
  id: 7,
  attacks: [
    forged('single bits turned over', ['signature'], ({ envelope }) => bitFlips(envelope, 4)),
    forged('zeros, swapped halves, the second spelling of S', ['signature'], ({ envelope }) =>
      worthlessSignatures(envelope),
    ),
    forged('no signature, half a signature', ['signature', 'signature-length'], ({ envelope }) =>
      missingSignatures(envelope),
    ),
    {
      name: 'the key of a stranger',
      checks: ['known-signer', 'signer-allowed'],
      async run(stage) {
        const release = await rightRelease(stage, await makeDevice('stranger'));
        return (await stage.node('a')).deliver(releaseMessage([release]), release.header);
      },
    },
    {
      name: 'the key of a stranger under the name of the owner',
      checks: ['signature'],
      async run(stage) {
        const stranger = await makeDevice('stranger');
        const signer = { ...stranger.signer, keyId: stage.disks.owner.deviceId };
        const release = await rightRelease(stage, { ...stranger, signer });
        return (await stage.node('a')).deliver(releaseMessage([release]), release.header);
      },
    },
  ],
  honest: [
    {
      name: 'the same release as it was signed',
      async run(stage) {
        const release = await rightRelease(stage);
        return (await stage.node('a')).deliver(releaseMessage([release]), release.header);
      },
    },
  ],
};

/** A8-8. */
export const rewrittenJson: AttackRow<FleetStage> = {
  id: 8,
  attacks: [
    forged('other spellings of the same JSON', ['signature'], ({ envelope }) => rewritten(envelope)),
    {
      name: 'one key twice, the second with another body',
      checks: ['signature', 'strict-json'],
      async run(stage) {
        const release = await rightRelease(stage);
        const other = plainBody('web', 'evil/miner:1');
        return deliverAll(stage, release, [withSecondBody(release.envelope, sha256Hex(other))], other);
      },
    },
  ],
  honest: [
    {
      name: 'the exact bytes, with fields that no reader knows yet',
      async run(stage) {
        const { trust, owner, nodeIds } = stage.disks;
        const about = { trust, by: owner, node: nodeIds.a, appId: newId(), number: 1, previous: null };
        const body = plainBody('web', 'lab/web:1', { later: { nested: [1, 2] } });
        const release = await signRelease({ ...about, body, header: { later: 'kept' } });
        return (await stage.node('a')).deliver(releaseMessage([release]), release.header);
      },
    },
  ],
};
