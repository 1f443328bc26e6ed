import { type Clock, err, type Fault, fault, isFault, ok, type Random, type Result } from '#shared/kernel/index.ts';
import { type Envelope, parseEnvelope, type Signer, type TrustState } from '#shared/trust/index.ts';
import type { DocumentEditor } from './document.ts';
import type { FieldState } from './field-state.ts';
import { clientIdOf, openRow, signRow } from './row.ts';
import { createRowLog, type RowHeads } from './row-log.ts';
import type { DocumentSnapshot } from './snapshot.ts';
import type { ReplicaStore, StoredRow } from './store.ts';

/** A device's copy of desired state: reads are local, edits are durable signed rows, rows of others are verified. */
export interface Replica {
  documents(): readonly string[];
  snapshot(doc: string): DocumentSnapshot | undefined;
  /** Every field of a document by its path, items that were removed too. */
  fields(doc: string): ReadonlyMap<string, FieldState> | undefined;
  /** The text that a text register of a document names. */
  text(doc: string, textId: string): string;
  /**
   * Tells which documents changed, by edits and by arriving rows, once they are durable; none when only the number of
   * rows changed that the core does not have yet. Returns the end of it.
   */
  watch(listener: (docs: readonly string[]) => void): () => void;
  /** Runs `change`, signs what it wrote as one row and keeps it durably. Nothing is changed when it fails. */
  edit(doc: string, change: (editor: DocumentEditor) => void): Promise<Result<void>>;
  /** Takes rows from anywhere; each is verified. `docs` are the documents in which something is new. */
  receive(
    envelopes: readonly Envelope[],
  ): Promise<{ accepted: string[]; refused: { row: string; fault: Fault }[]; docs: string[] }>;
  heads(): RowHeads;
  unacked(): readonly Envelope[];
  acked(hashes: readonly string[]): Promise<void>;
  missing(heads: RowHeads): Envelope[];
}

export interface ReplicaOptions {
  /** Random id of this replica instance: new at first start and after an import or restore, never copied. */
  readonly writer: string;
  readonly signer: Signer;
  readonly store: ReplicaStore;
  readonly trust: () => TrustState;
  readonly auditHead: () => string | null;
  readonly clock: Clock;
  readonly random: Random;
}

/** Opens a replica from its store. A stored row that no longer verifies fails the opening: it was changed on disk. */
export async function createReplica(options: ReplicaOptions): Promise<Result<Replica>> {
  const { store, signer, writer, trust } = options;
  const log = createRowLog();
  const unacked = new Map<string, Envelope>();
  for (const stored of await store.loadRows()) {
    const taken = await log.accept(stored.envelope, trust());
    if (!taken.ok) {
      return err(
        fault(
          'replica.corrupt',
          'permanent',
          `row ${stored.seq} of ${stored.doc} on this disk does not verify: ${taken.error.message}`,
          'Move the replica file away and sync again from the core.',
        ),
      );
    }
    if (stored.unacked) unacked.set(stored.hash, stored.envelope);
  }

  // Edits and arrivals take turns: a row is made against the state that its update was made against.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work);
    turn = next.catch(() => undefined);
    return next;
  };

  const listeners = new Set<(docs: readonly string[]) => void>();
  const tell = (docs: readonly string[]): void => {
    for (const listener of [...listeners]) listener(docs);
  };

  const keepOwnRow = async (doc: string, update: Uint8Array): Promise<Result<void>> => {
    const head = log.head(doc, writer);
    const about = { fleet: trust().fleet, trustHead: trust().head, auditHead: options.auditHead() };
    const place = { doc, writer, seq: (head?.seq ?? 0) + 1, prevHash: head?.hash ?? null };
    const envelope = await signRow({ ...about, ...place, update }, signer);
    const opened = await openRow(envelope, trust());
    if (!opened.ok) return opened;
    await store.append([toStored(opened.value, true)]);
    const taken = log.acceptOwn(opened.value);
    if (taken.ok) unacked.set(opened.value.hash, envelope);
    return taken;
  };

  return ok({
    documents: log.documents,
    snapshot: log.snapshot,
    fields: log.fields,
    text: log.text,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    heads: log.heads,
    missing: log.missing,
    unacked: () => [...unacked.values()],
    async acked(hashes) {
      await store.markAcked(hashes);
      for (const hash of hashes) unacked.delete(hash);
      tell([]);
    },
    edit: (doc, change) =>
      inTurn(async () => {
        let update: Uint8Array | undefined;
        try {
          update = log
            .open(doc)
            .edit(
              clientIdOf(writer, doc),
              { author: signer.keyId, clock: options.clock, random: options.random },
              change,
            );
        } catch (thrown) {
          return err(
            isFault(thrown)
              ? thrown
              : fault(
                  'replica.bad-edit',
                  'permanent',
                  thrown instanceof Error ? thrown.message : String(thrown),
                  'Correct the value and try again.',
                ),
          );
        }
        if (!update) return ok();
        // From here the live document holds the edit: whatever fails, it is made again from the accepted rows.
        const kept = await keepOwnRow(doc, update).catch((thrown: unknown) => {
          log.rebuild(doc);
          throw thrown;
        });
        if (kept.ok) tell([doc]);
        else log.rebuild(doc);
        return kept;
      }),
    receive: (envelopes) =>
      inTurn(async () => {
        const accepted: string[] = [];
        const refused: { row: string; fault: Fault }[] = [];
        const fresh: StoredRow[] = [];
        const docs = new Set<string>();
        for (const raw of envelopes) {
          const envelope = parseEnvelope(raw);
          const taken = envelope.ok ? await log.accept(envelope.value, trust()) : envelope;
          if (!taken.ok) {
            refused.push({ row: '', fault: taken.error });
            continue;
          }
          accepted.push(taken.value.row.hash);
          if (taken.value.outcome !== 'new') continue;
          fresh.push(toStored(taken.value.row, false));
          docs.add(taken.value.row.row.doc);
        }
        if (fresh.length > 0) {
          await store.append(fresh);
          tell([...docs]);
        }
        return { accepted, refused, docs: [...docs] };
      }),
  });
}

function toStored(
  opened: { envelope: Envelope; hash: string; row: { doc: string; writer: string; seq: number } },
  unacked: boolean,
): StoredRow {
  return {
    envelope: opened.envelope,
    hash: opened.hash,
    doc: opened.row.doc,
    writer: opened.row.writer,
    seq: opened.row.seq,
    unacked,
  };
}
