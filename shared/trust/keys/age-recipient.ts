import { bech32 } from '@scure/base';

/** Bytes behind `age1…` (X25519) and `age1pq1…` (ML-KEM-768 with X25519). */
const LENGTHS: Readonly<Record<string, number>> = { age: 32, age1pq: 1_216 };

/** SEC-6: a recipient with a right checksum and length: a mistyped one would seal to nobody. */
export function isAgeRecipient(text: string): boolean {
  try {
    const { prefix, words } = bech32.decode(text as `age1${string}`, false);
    return Object.hasOwn(LENGTHS, prefix) && bech32.fromWords(words).length === LENGTHS[prefix];
  } catch {
    return false;
  }
}
