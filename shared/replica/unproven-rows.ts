import type { TrustState } from '#shared/trust/index.ts';
import type { OpenedRow } from './row.ts';
import type { RowLog } from './row-log.ts';

/** What an arriving row lets through. */
export interface LetThrough {
  /** Rows to merge now, in their order; of the one that arrived, or of all that waited for it. */
  readonly ready: readonly OpenedRow[];
  /** Rows of a revoked device that do not lead to the one that its cut-off names. */
  readonly forged: readonly OpenedRow[];
}

/** Rows that wait for the proof that they are what a revocation lets stand. */
export interface UnprovenRows {
  arrive(row: OpenedRow, trust: TrustState): LetThrough;
}

/**
 * LOG-19: a cut-off names the last row of a revoked writer by its hash, and through the chain that row binds all below it.
 * So a replica that does not hold them takes such rows only once the last one is there: until then somebody with the revoked
 * key could have written others in their place. What arrives for the same document meanwhile waits behind them, since it
 * may build on them.
 */
export function createUnprovenRows(log: Pick<RowLog, 'head'>): UnprovenRows {
  const waiting = new Map<string, OpenedRow[]>();

  return {
    arrive(row, trust) {
      const { doc } = row.row;
      const queue = waiting.get(doc) ?? [];
      if (queue.length === 0 && !needsProof(row, trust, log)) return { ready: [row], forged: [] };
      if (!queue.some(({ hash }) => hash === row.hash)) queue.push(row);
      const ready: OpenedRow[] = [];
      const forged: OpenedRow[] = [];
      const proven = new Map<string, ReadonlySet<string> | undefined>();
      for (const one of queue) {
        if (!needsProof(one, trust, log)) {
          ready.push(one);
          continue;
        }
        const { writer } = one.row;
        if (!proven.has(writer)) proven.set(writer, proofOf(one, queue, trust, log));
        const chain = proven.get(writer);
        if (chain === undefined) {
          waiting.set(doc, queue);
          return { ready: [], forged: [] };
        }
        (chain.has(one.hash) ? ready : forged).push(one);
      }
      waiting.delete(doc);
      return { ready, forged };
    },
  };
}

/** A row of a revoked device, above what is held of its writer and below or at the row that the cut-off names. */
function needsProof({ row }: OpenedRow, trust: TrustState, log: Pick<RowLog, 'head'>): boolean {
  const last = lastOf(row, trust);
  return last !== undefined && (log.head(row.doc, row.writer)?.seq ?? 0) < last.seq;
}

/** Hashes of the chain from the row that the cut-off names down to what is held; undefined while a part is missing. */
function proofOf(
  { row }: OpenedRow,
  queue: readonly OpenedRow[],
  trust: TrustState,
  log: Pick<RowLog, 'head'>,
): ReadonlySet<string> | undefined {
  const byHash = new Map(queue.map((one) => [one.hash, one]));
  const held = log.head(row.doc, row.writer)?.hash ?? null;
  const chain = new Set<string>();
  let next = lastOf(row, trust)?.hash ?? null;
  while (next !== held) {
    const one: OpenedRow | undefined = next === null ? undefined : byHash.get(next);
    if (one === undefined) return undefined;
    chain.add(one.hash);
    next = one.row.prevHash;
  }
  return chain;
}

/** The last row that the cut-offs let stand of this writer here. */
function lastOf(row: OpenedRow['row'], trust: TrustState) {
  const cutoffs = trust.revokedDevices.get(row.device)?.cutoffs ?? [];
  return cutoffs
    .flatMap(({ rows }) => rows.filter(({ doc, writer }) => doc === row.doc && writer === row.writer))
    .toSorted((a, b) => b.seq - a.seq)[0];
}
