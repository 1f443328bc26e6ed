import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Envelope } from '../envelopes/envelope.ts';
import { itemHash } from '../envelopes/parse-envelope.ts';
import type { LogEntry } from './graph.ts';
import type { TrustState } from './state.ts';

/** LOG-28: entries that count, of a log that still takes any. A fleet that is used for decades has some hundreds. */
export const MAX_COUNTING = 1_000;

/** LOG-28: entries with the void ones, of a log that still takes revocations. */
export const MAX_ENTRIES = 3_000;

/**
 * LOG-28: whether a core takes entries that were just applied. Every replica walks the whole log, so a key that floods it
 * would slow down all of them; but no flood keeps an owner from ending that key, or the recovery words from anything.
 */
export function decideLogRoom(next: TrustState, applied: readonly Envelope[]): Result<void> {
  const all = next.graph.size;
  const counting = all - next.voided.length;
  if (counting <= MAX_COUNTING && all <= MAX_ENTRIES) return ok();
  const voided = new Set(next.voided);
  const isTaken = ({ hash, signer, entry }: LogEntry): boolean =>
    (next.recoveryKeys.has(signer) && !voided.has(hash)) || (all <= MAX_ENTRIES && entry.kind.startsWith('revoke-'));
  const isFine = applied.every((envelope) => {
    const entry = next.graph.get(itemHash(envelope));
    return entry === undefined || isTaken(entry);
  });
  if (isFine) return ok();
  return err(
    fault(
      'trust.log-full',
      'denied',
      `the trust log would have ${counting} entries that count and ${all} in all; at most ${MAX_COUNTING} and ${MAX_ENTRIES} are taken`,
      'look at `overseer audit list` for the device that filled it, and end it with all that it signed: `overseer device revoke NAME --void all`, with --recovery where the log takes no revocation either',
    ),
  );
}
