import { isoTime, randomId, unwrap } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createRecovery,
  createTrustState,
  generateSealingKey,
  generateSigningKey,
  type SealingKey,
  type SigningKey,
  signTrustEntry,
  type TrustState,
} from '#shared/trust/index.ts';
import { createManualClock, createSeededRandom } from './deterministic.ts';

/** A real fleet in memory: a genesis, one owner, and as many enrolled devices as asked for. */
export interface FleetOfDevices {
  readonly trust: TrustState;
  readonly devices: readonly SigningKey[];
  /** Of each device, what opens its copies of secrets. */
  readonly sealing: readonly SealingKey[];
  readonly clock: ReturnType<typeof createManualClock>;
}

/** Makes a fleet whose log truly verifies; keys are fresh, ids and times repeat with the seed. */
export async function createFleetOfDevices(count: number, seed = 1): Promise<FleetOfDevices> {
  const clock = createManualClock();
  const random = createSeededRandom(seed);
  const devices = await Promise.all(Array.from({ length: count }, () => generateSigningKey()));
  const sealing = await Promise.all(devices.map(() => generateSealingKey()));
  const described = await Promise.all(
    devices.map(async (device, index) => ({
      deviceId: device.signer.keyId,
      name: `device ${index + 1}`,
      kind: 'cli' as const,
      signKey: device.publicKey,
      ageRecipient: sealing[index]?.recipient ?? '',
    })),
  );
  const [first] = devices;
  const [firstDescribed, ...others] = described;
  if (!first || !firstDescribed) throw new RangeError('a fleet has at least one device');
  const recovery = await createRecovery(random);
  const personId = randomId(random);
  let trust = createTrustState();
  const about = { at: isoTime(clock), auditHead: null };
  const add = async (entry: Parameters<typeof signTrustEntry>[1]) => {
    const envelope = await signTrustEntry(trust, entry, first.signer, about);
    trust = unwrap(await applyTrustEntries(trust, [envelope])).state;
  };
  await add({
    kind: 'genesis',
    fleetName: 'test',
    person: { personId, name: 'owner', role: 'owner' },
    device: firstDescribed,
    recovery: { signKey: recovery.signKey, ageRecipient: recovery.ageRecipient },
    core: { tlsSpki: 'c'.repeat(64), addresses: [{ host: '127.0.0.1', httpPort: 7443, linkPort: 7444 }], epoch: 1 },
  });
  for (const device of others) await add({ kind: 'add-device', device, personId });
  return { trust, devices, sealing, clock };
}
