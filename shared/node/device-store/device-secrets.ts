import { z } from 'zod';
import type { DeviceKeys } from '#shared/device/index.ts';
import { fromBase64Url, type Random, toBase64Url, toHex } from '#shared/kernel/index.ts';
import { generateSealingKey, generateSigningKey, signerFromSeed } from '#shared/trust/index.ts';

/** The secrets of one device as they are sealed: what its keys are made of, and the key of its replica. */
export const deviceSecretsSchema = z.looseObject({
  v: z.literal(1),
  deviceId: z.string(),
  name: z.string(),
  /** base64url of the 32-byte Ed25519 seed. */
  signSeed: z.string(),
  ageIdentity: z.string(),
  ageRecipient: z.string(),
  /** Hex of the replica's 256-bit key. */
  replicaKey: z.string().regex(/^[0-9a-f]{64}$/),
});

export type DeviceSecrets = z.output<typeof deviceSecretsSchema>;

/** Keys of a device that keeps its replica in a file. */
export interface StoredKeys extends DeviceKeys {
  readonly ageIdentity: string;
  /** hex */
  readonly replicaKey: string;
}

/** Makes the secrets of a new device. */
export async function createDeviceSecrets(name: string, random: Random): Promise<DeviceSecrets> {
  const signing = await generateSigningKey(random);
  const sealing = await generateSealingKey(random);
  return {
    v: 1,
    deviceId: signing.signer.keyId,
    name,
    signSeed: toBase64Url(signing.exportSeed()),
    ageIdentity: sealing.identity,
    ageRecipient: sealing.recipient,
    replicaKey: toHex(random.bytes(32)),
  };
}

/** The keys in memory, ready to sign. */
export async function secretsToKeys<K extends DeviceKeys['kind']>(
  secrets: DeviceSecrets,
  kind: K,
): Promise<StoredKeys & { readonly kind: K }> {
  const { signer, publicKey } = await signerFromSeed(fromBase64Url(secrets.signSeed) ?? new Uint8Array());
  const { name, ageIdentity, ageRecipient, replicaKey } = secrets;
  return { deviceId: signer.keyId, name, kind, signer, publicKey, ageIdentity, ageRecipient, replicaKey };
}
