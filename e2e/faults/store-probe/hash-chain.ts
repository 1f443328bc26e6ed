import { createHash } from 'node:crypto';

/** Hex of the SHA-256 of a text or bytes. */
export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What breaks a chain of numbered entries in which each names the one before. */
export function chainBreaks(
  name: string,
  entries: readonly { seq: number; hash: string; prev: string | null }[],
): string[] {
  const breaks: string[] = [];
  let before: { seq: number; hash: string } | undefined;
  for (const { seq, hash, prev } of entries) {
    if (seq !== (before?.seq ?? 0) + 1) breaks.push(`${name}: entry ${seq} comes after ${before?.seq ?? 'nothing'}`);
    if (prev !== (before?.hash ?? null)) breaks.push(`${name}: entry ${seq} does not name the one before`);
    before = { seq, hash };
  }
  return breaks;
}
