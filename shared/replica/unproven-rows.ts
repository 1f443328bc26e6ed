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

/** Rows of one document that wait at most. */
const MAX_WAITING = 50_000;

/** What waits for one document, and the row that is to come before anything of it can be decided. */
interface Waiting {
  readonly rows: Map<string, OpenedRow>;
  readonly missing: string | null;
  /** The log by which that was found. */
  readonly trustHead: string;
}

/**
 * LOG-19: a cut-off names the last row of a revoked writer by its hash, and through the chain that row binds all below it.
 * So a replica that does not hold them takes such rows only once the last one is there: until then somebody with the revoked
 * key could have written others in their place. What arrives for the same document meanwhile waits behind them, since it
 * may build on them.
 */
export function createUnprovenRows(log: Pick<RowLog, 'head'>): UnprovenRows {
  const waiting = new Map<string, Waiting>();

  return {
    arrive(row, trust) {
      const { doc } = row.row;
      const held: Waiting = waiting.get(doc) ?? { rows: new Map(), missing: null, trustHead: trust.head };
      if (held.rows.size === 0 && !needsProof(row, trust, log)) return { ready: [row], forged: [] };
      // Whoever has the revoked key can write as many of them as it likes, and none is worth more than what is here.
      if (held.rows.size >= MAX_WAITING && row.hash !== held.missing) return { ready: [], forged: [row] };
      held.rows.set(row.hash, row);
      // Nothing is decided before the row comes that the chain lacks: looked at with each, a long one would take minutes.
      if (held.missing !== null && held.missing !== row.hash && held.trustHead === trust.head)
        return { ready: [], forged: [] };
      const queue = [...held.rows.values()];
      const ready: OpenedRow[] = [];
      const forged: OpenedRow[] = [];
      const proven = new Map<string, Proof>();
      for (const one of queue) {
        if (!needsProof(one, trust, log)) {
          ready.push(one);
          continue;
        }
        const { writer } = one.row;
        const proof = proven.get(writer) ?? proofOf(one, held.rows, trust, log);
        proven.set(writer, proof);
        if (proof.chain === undefined) {
          waiting.set(doc, { rows: held.rows, missing: proof.missing, trustHead: trust.head });
          return { ready: [], forged: [] };
        }
        (proof.chain.has(one.hash) ? ready : forged).push(one);
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

/** Hashes of the chain from the row that the cut-off names down to what is held, or the row that it lacks. */
type Proof =
  | { readonly chain: ReadonlySet<string>; readonly missing?: never }
  | { readonly chain?: never; readonly missing: string | null };

function proofOf(
  { row }: OpenedRow,
  rows: ReadonlyMap<string, OpenedRow>,
  trust: TrustState,
  log: Pick<RowLog, 'head'>,
): Proof {
  const held = log.head(row.doc, row.writer)?.hash ?? null;
  const chain = new Set<string>();
  let next = lastOf(row, trust)?.hash ?? null;
  while (next !== held) {
    const one: OpenedRow | undefined = next === null ? undefined : rows.get(next);
    if (one === undefined) return { missing: next };
    chain.add(one.hash);
    next = one.row.prevHash;
  }
  return { chain };
}

/** The last row that the cut-offs let stand of this writer here. */
function lastOf(row: OpenedRow['row'], trust: TrustState) {
  const cutoffs = trust.revokedDevices.get(row.device)?.cutoffs ?? [];
  return cutoffs
    .flatMap(({ rows }) => rows.filter(({ doc, writer }) => doc === row.doc && writer === row.writer))
    .toSorted((a, b) => b.seq - a.seq)[0];
}
