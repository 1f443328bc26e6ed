import { toBase32 } from './bytes.ts';
import type { Random } from './ports.ts';

/** The length of every random id and key id. */
export const ID_LENGTH = 26;

/** Matches a random id or key id. */
export const ID_PATTERN = /^[a-z2-7]{26}$/;

/** Matches a lower-case hex SHA-256. */
export const HASH_PATTERN = /^[0-9a-f]{64}$/;

/** A new 128-bit random id: 26 characters of lower-case base32. Never reused, never a name. */
export function randomId(random: Random): string {
  return toBase32(random.bytes(16));
}
