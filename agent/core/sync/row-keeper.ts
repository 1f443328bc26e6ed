import type { RowsAccepted } from '#shared/contracts/rest/index.ts';
import { type Clock, unwrap } from '#shared/kernel/index.ts';
import { createRowLog, type DocumentSnapshot, type OpenedRow, type RowHeads } from '#shared/replica/index.ts';
import { type Envelope, itemHash, type TrustState } from '#shared/trust/index.ts';
import { type Actor, performAudited } from '../audit/audit-log.ts';
import type { CoreStore } from '../store/port.ts';

/** What rows that a revocation took leave in the audit log. */
export const VOID_ROWS_ACTION = 'rows.void';

/** Desired state as the core relays it: it stores only rows that verify, and merges them for its lists. */
export interface RowKeeper {
  /** Verifies, stores, then tells. Each row is accepted or refused by itself; one audit entry for the whole push. */
  push(rows: readonly Envelope[], actor: Actor): Promise<RowsAccepted>;
  /** LOG-19: forgets what the trust log has voided, and what was written on top of it. One audit entry where it was some. */
  dropVoid(): Promise<void>;
  heads(): RowHeads;
  missing(heads: RowHeads): Envelope[];
  documents(): readonly string[];
  snapshot(doc: string): DocumentSnapshot | undefined;
  /** Called with rows that are new, after they are durable. */
  onNewRows(listener: (rows: readonly Envelope[], docs: readonly string[]) => void): void;
}

/**
 * Reads the rows from the store. One that a revocation has voided is forgotten; any other that no longer verifies is a
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
  const loaded = await log.load(
    stored.map(({ envelope }) => envelope),
    trust(),
  );
  await forget(unwrap(loaded).dropped);
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
        if (arrival.value.outcome === 'new') fresh.push(arrival.value.row);
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

  async function forget(rows: readonly OpenedRow[]): Promise<void> {
    if (rows.length === 0) return;
    const hashes = rows.map(({ hash }) => hash);
    const docs = [...new Set(rows.map(({ row }) => row.doc))];
    const subject = { rows: String(rows.length), documents: docs.slice(0, 16).join(','), last: hashes.at(-1) ?? '' };
    await performAudited(
      { store: store.durable, clock },
      { actor: { kind: 'core', id: 'core' }, action: VOID_ROWS_ACTION, subject, envelope: null },
      async () => (tx) => tx.removeRows(hashes),
    );
  }

  return {
    push(rows, actor) {
      const run = last.then(() => push(rows, actor));
      last = run.catch(() => {});
      return run;
    },
    dropVoid() {
      const run = last.then(() => forget(log.dropVoid(trust())));
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
