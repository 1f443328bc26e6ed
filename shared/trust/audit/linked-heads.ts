import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { ChainLink } from './chain.ts';
import { parseCoreAuditEntry } from './core-entry.ts';

/** AUD-8: a head that somebody saw, at the place that its own text names. */
export interface PlacedHead {
  readonly seq: number;
  readonly hash: string;
}

/** AUD-8: the entry that a hash stands for; its own text proves its number. Null when the text is of another entry. */
export function placeHead(hash: string, text: string | undefined): PlacedHead | null {
  const read = text === undefined ? undefined : parseCoreAuditEntry(text);
  return read?.ok && read.value.hash === hash ? { seq: read.value.entry.seq, hash } : null;
}

/**
 * AUD-8: reads the next texts of a chain of which `before` is the last known link; null begins anywhere. Each must name
 * the one before it, so whoever gives them can leave nothing out and put nothing in between.
 */
export function followTexts(before: PlacedHead | null, texts: readonly string[]): Result<readonly ChainLink[]> {
  const links: ChainLink[] = [];
  let last = before;
  for (const text of texts) {
    const read = parseCoreAuditEntry(text);
    if (!read.ok) return read;
    const { entry, hash } = read.value;
    if (last && (entry.seq !== last.seq + 1 || entry.prev !== last.hash)) return err(torn(entry.seq));
    last = { seq: entry.seq, hash };
    links.push({ seq: entry.seq, prev: entry.prev, hash });
  }
  return ok(links);
}

function torn(seq: number) {
  return fault(
    'audit.broken-chain',
    'conflict',
    `entry ${seq} of the core's record does not follow the one before it`,
    'Run `overseer audit verify`: it says what is missing or another.',
  );
}
