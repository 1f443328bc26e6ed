import type { RowsAccepted } from '#shared/contracts/rest/index.ts';
import { type Clock, sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import { createRowLog, type DocumentSnapshot, type OpenedRow, type RowHeads } from '#shared/replica/index.ts';
import { type Envelope, itemHash, type TrustState } from '#shared/trust/index.ts';
import { type Actor, performAudited } from '../audit/audit-log.ts';
import type { CoreStore } from '../store/port.ts';

/** What rows that a revocation took leave in the audit log. */
export const VOID_ROWS_ACTION = 'rows.void';

/** Key in the store's meta table of which void rows the audit log has told: a hash over theirs. */
const VOID_ROWS_KEY = 'void-rows';

/** Desired state as the core relays it: it stores only rows that verify, and merges them for its lists. */
export interface RowKeeper {
  /** Verifies, stores, then tells. Each row is accepted or refused by itself; one audit entry for the whole push. */
  push(rows: readonly Envelope[], actor: Actor): Promise<RowsAccepted>;
  /**
   * LOG-19: leaves out what the trust log has voided and what was written on top of it, and takes back what counts again.
   * One audit entry where it was some. The store keeps the rows.
   */
  settleVoid(): Promise<void>;
  heads(): RowHeads;
  missing(heads: RowHeads): Envelope[];
  documents(): readonly string[];
  snapshot(doc: string): DocumentSnapshot | undefined;
  /** Called with rows that are new, after they are durable. */
  onNewRows(listener: (rows: readonly Envelope[], docs: readonly string[]) => void): void;
}

/**
 * Reads the rows from the store. One that a revocation has voided is held aside; any other that no longer verifies is a
 * fault of the disk and stops the start.
 */
export async function loadRowKeeper(about: {
  store: CoreStore;
  clock: Clock;
  trust: () => TrustState;
}): Promise<RowKeeper> {
  const { store, clock, trust } = about;
  const log = createRowLog();
  const stored = await store.durable.read.listRows();
  const envelopes = stored.map(({ envelope }) => envelope);
  unwrap(await log.load(envelopes, trust()));
  // What is out and in no audit entry: a kill or a full disk came in between.
  const isTold = ((await store.durable.read.getMeta(VOID_ROWS_KEY)) ?? digestOf([])) === digestOf(log.voidRows());
  let owed: { dropped: OpenedRow[]; restored: OpenedRow[] } = {
    dropped: isTold ? [] : [...log.voidRows()],
    restored: [],
  };
  const listeners: ((rows: readonly Envelope[], docs: readonly string[]) => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();

  async function push(rows: readonly Envelope[], actor: Actor): Promise<RowsAccepted> {
    const accepted: OpenedRow[] = [];
    const fresh: OpenedRow[] = [];
    const refused: RowsAccepted['refused'] = [];
    for (const envelope of rows) {
      const arrival = await log.accept(envelope, trust());
      if (!arrival.ok) refused.push({ row: itemHash(envelope), fault: arrival.error });
      else {
        accepted.push(arrival.value.row);
        if (arrival.value.outcome !== 'known') fresh.push(arrival.value.row);
      }
    }
    const docs = [...new Set(accepted.map((item) => item.row.doc))];
    const subject = {
      rows: String(rows.length),
      accepted: String(accepted.length),
      refused: String(refused.length),
      documents: docs.slice(0, 16).join(','),
      last: accepted.at(-1)?.hash ?? '',
    };
    await performAudited(
      { store: store.durable, clock },
      { actor, action: 'rows.push', subject, envelope: null },
      async () => async (tx) => {
        // Also those that were known: an earlier push may have been merged and then not have reached the disk.
        for (const { envelope, hash, row } of accepted) {
          await tx.addRow({ hash, doc: row.doc, writer: row.writer, seq: row.seq, device: row.device, envelope });
        }
      },
    );
    if (fresh.length > 0) {
      const envelopes = fresh.map((item) => item.envelope);
      for (const listener of listeners) listener(envelopes, docs);
    }
    return { accepted: accepted.map((item) => item.hash), refused };
  }

  async function settleVoid(): Promise<void> {
    const settled = log.settleVoid(trust());
    owed.dropped.push(...settled.dropped);
    owed.restored.push(...settled.restored);
    const { dropped, restored } = owed;
    if (dropped.length + restored.length === 0) return;
    const docs = [...new Set([...dropped, ...restored].map(({ row }) => row.doc))];
    const subject = {
      voided: String(dropped.length),
      restored: String(restored.length),
      documents: docs.slice(0, 16).join(','),
      last: dropped.at(-1)?.hash ?? restored.at(-1)?.hash ?? '',
    };
    await performAudited(
      { store: store.durable, clock },
      { actor: { kind: 'core', id: 'core' }, action: VOID_ROWS_ACTION, subject, envelope: null },
      async () => async (tx) => tx.setMeta(VOID_ROWS_KEY, digestOf(log.voidRows())),
    );
    owed = { dropped: [], restored: [] };
    const back = restored.map(({ envelope }) => envelope);
    if (back.length > 0) for (const listener of listeners) listener(back, docs);
  }

  return {
    push(rows, actor) {
      const run = last.then(() => push(rows, actor));
      last = run.catch(() => {});
      return run;
    },
    settleVoid() {
      const run = last.then(settleVoid);
      last = run.catch(() => {});
      return run;
    },
    heads: () => log.heads(),
    missing: (heads) => log.missing(heads),
    documents: () => log.documents(),
    snapshot: (doc) => log.snapshot(doc),
    onNewRows: (listener) => listeners.push(listener),
  };
}

function digestOf(rows: readonly OpenedRow[]): string {
  return sha256Hex(
    utf8(
      rows
        .map(({ hash }) => hash)
        .sort()
        .join('\n'),
    ),
  );
}
