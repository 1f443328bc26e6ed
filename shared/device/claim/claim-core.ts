import { isoTime, ok, type Result, randomId } from '#shared/kernel/index.ts';
import {
  type CoreAddress,
  createRecovery,
  createTrustState,
  type Envelope,
  itemHash,
  type SetupCode,
  signTrustEntry,
} from '#shared/trust/index.ts';
import type { CoreClient } from '../connection/core-client.ts';
import type { KnownCore } from '../ports/core-ports.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { DeviceKeys } from '../ports/device-keys.ts';
import type { DeviceStore } from '../ports/device-store.ts';

/** A claim that was begun: it holds no secret, and lets a claim that was cut short go on with the same fleet. */
export interface PendingClaim {
  readonly genesis: Envelope;
  readonly fleet: string;
  readonly coreSpki: string;
  /** Whether the person holds the recovery words: only then may this genesis be sent. */
  readonly wordsKept: boolean;
}

/** The first entry of a new fleet, signed by its first device, and the recovery words that go with it. */
export async function createGenesis(
  context: DeviceContext,
  device: DeviceKeys,
  about: { fleetName: string; personName: string; core: KnownCore },
): Promise<{ claim: PendingClaim; words: readonly string[] }> {
  const { fleetName, personName, core } = about;
  const recovery = await createRecovery(context.random);
  const genesis = await signTrustEntry(
    createTrustState(),
    {
      kind: 'genesis',
      fleetName,
      person: { personId: randomId(context.random), name: personName, role: 'owner' },
      device: {
        deviceId: device.deviceId,
        name: device.name,
        kind: device.kind,
        signKey: device.publicKey,
        ageRecipient: device.ageRecipient,
      },
      recovery: { signKey: recovery.signKey, ageRecipient: recovery.ageRecipient },
      core: { tlsSpki: core.spki, addresses: [...core.addresses], epoch: 1 },
    },
    device.signer,
    { at: isoTime(context.clock), auditHead: null },
  );
  const claim = { genesis, fleet: itemHash(genesis), coreSpki: core.spki, wordsKept: false };
  return { claim, words: recovery.words };
}

/** Sends the claim. A core that already has this very genesis took it before we were cut off. */
export async function sendClaim(client: CoreClient, code: SetupCode, claim: PendingClaim): Promise<Result<void>> {
  const sent = await client.call('claim', { body: { secret: code.secret, genesis: claim.genesis } });
  if (sent.ok) return ok();
  if (sent.error.kind === 'transient') return sent;
  const challenge = await client.call('createChallenge', { body: {} });
  return challenge.ok && challenge.value.fleet === claim.fleet ? ok() : sent;
}

/** Makes the store that of the claimed fleet. */
export async function keepClaimedFleet(
  context: DeviceContext,
  store: DeviceStore,
  about: { claim: PendingClaim; fleetName: string; address: CoreAddress },
): Promise<void> {
  const { claim, fleetName, address } = about;
  await store.saveTrust([claim.genesis]);
  await store.saveConfig({
    fleet: claim.fleet,
    fleetName,
    coreSpki: claim.coreSpki,
    addresses: [address],
    writer: (await store.config())?.writer ?? randomId(context.random),
  });
}
