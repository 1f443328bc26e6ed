import { bech32 } from '@scure/base';
import { type Random, systemRandom } from '#shared/kernel/index.ts';

export interface SealingKey {
  /** `AGE-SECRET-KEY-PQ-1…`: seal it at once. */
  readonly identity: string;
  /** `age1pq1…` */
  readonly recipient: string;
}

/**
 * SEC-1: a new age key of the hybrid kind (ML-KEM-768 with X25519): sealed copies lie on a core that may be stolen, and
 * must stay sealed when X25519 no longer is enough.
 */
export function generateSealingKey(random: Random = systemRandom): Promise<SealingKey> {
  return sealingKeyFromSeed(random.bytes(32));
}

/** The hybrid age key of a 32-byte seed. */
export async function sealingKeyFromSeed(seed: Uint8Array): Promise<SealingKey> {
  if (seed.length !== 32) throw new RangeError(`an age seed has 32 bytes, not ${seed.length}`);
  const identity = bech32.encodeFromBytes('AGE-SECRET-KEY-PQ-', seed).toUpperCase();
  // Loaded where it is used: a core seals and opens nothing.
  const { identityToRecipient } = await import('age-encryption');
  return { identity, recipient: await identityToRecipient(identity) };
}
