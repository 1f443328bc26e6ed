import { type Clock, err, type Fault, fault, isFault, ok, type Random, type Result } from '#shared/kernel/index.ts';
import { type Envelope, parseEnvelope, type Signer, type TrustState } from '#shared/trust/index.ts';
import { badEdit } from './bad-edit.ts';
import type { DocumentEditor } from './document.ts';
import { decideWriter, groupAside, type RefusedEdit } from './refused-edit.ts';
import { createRehearsal, type DesiredState } from './rehearse.ts';
import { clientIdOf, type OpenedRow, openRow, signRow } from './row.ts';
import { createRowLog, type LastRow, type RowHeads } from './row-log.ts';
import type { ReplicaStore, StoredRow } from './store.ts';
import { createUnprovenRows } from './unproven-rows.ts';

/** A device's copy of desired state: reads are local, edits are durable signed rows, rows of others are verified. */
export interface Replica extends DesiredState {
  /** A copy to try edits on: nothing of them is kept. */
  rehearse(): DesiredState;
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
  /**
   * LOG-19: after the trust log has grown, takes out what a revocation voids and what was written on top of it, and takes
   * back what counts again. The store keeps all of it. What this device wrote on top of void rows is put aside for a person.
   */
  settleVoid(): Promise<SettledVoid>;
  /** LOG-19: the last row that lies here of each writer of a device, in each document: what a cut-off lets stand. */
  lastRowsOf(device: string): readonly LastRow[];
  heads(): RowHeads;
  unacked(): readonly Envelope[];
  acked(hashes: readonly string[]): Promise<void>;
  /**
   * Puts rows of this device aside that the core did not take, with all that follow them in their chain: their document
   * goes on without them. Gives what is aside now and was not. A fault of kind transient leaves its row to be sent again.
   */
  setAside(refused: readonly { row: string; fault: Fault }[]): Promise<readonly RefusedEdit[]>;
  /** What lies aside and waits for a person. */
  refusedEdits(): Promise<readonly RefusedEdit[]>;
  refusedCount(): number;
  /** Writes a refused edit once more, as it would be made now, or lets go of it. */
  settleRefused(id: string, how: 'rewrite' | 'discard'): Promise<Result<void>>;
  missing(heads: RowHeads): Envelope[];
}

/** What a change of the trust log did to a replica. */
export interface SettledVoid {
  /** Documents in which something went or came back. */
  readonly docs: readonly string[];
  /** Rows of others than the revoked that went too, because they were written on top of void ones. */
  readonly onTop: number;
}

export interface ReplicaOptions {
  /** Random id of this replica instance: new at first start and after an import or restore, never copied. */
  readonly writer: string;
  readonly signer: Signer;
  readonly store: ReplicaStore;
  readonly trust: () => TrustState;
  readonly auditHead: () => string | null;
  /** A row of another device that was taken and is new here. */
  readonly onForeignRow?: (row: OpenedRow) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** Opens a replica from its store. A stored row that no longer verifies fails the opening: it was changed on disk. */
export async function createReplica(options: ReplicaOptions): Promise<Result<Replica>> {
  const { store, signer, trust } = options;
  const log = createRowLog();
  const unproven = createUnprovenRows(log);
  const unacked = new Map<string, Envelope>();
  const aside = new Map<string, StoredRow>();
  const stored = await store.loadRows();
  for (const row of stored) if (row.aside !== null) aside.set(row.hash, row);
  const inPlace = stored.filter((row) => row.aside === null);
  const loaded = await log.load(
    inPlace.map((row) => row.envelope),
    trust(),
  );
  if (!loaded.ok) return err(corrupt(loaded.error));
  const voidHashes = new Set(log.voidRows().map((row) => row.hash));
  // Rows that the core does not have, and that are void for now.
  const unackedVoid = new Map<string, Envelope>();
  for (const row of inPlace)
    if (row.unacked) (voidHashes.has(row.hash) ? unackedVoid : unacked).set(row.hash, row.envelope);

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

  const writerOf = (doc: string): string => decideWriter(options.writer, doc, groupAside(aside.values()));

  const keepOwnRow = async (doc: string, writer: string, update: Uint8Array): Promise<Result<void>> => {
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

  const toRefusedEdit = async (rows: readonly StoredRow[]): Promise<RefusedEdit[]> => {
    const kept = rows.filter((row) => row.aside?.state === 'kept');
    const [first] = kept;
    if (!first?.aside) return [];
    const opened: OpenedRow[] = [];
    for (const { envelope } of kept) {
      const row = await openRow(envelope, trust());
      if (row.ok) opened.push(row.value);
    }
    // Of a part of them nothing can be shown: each builds on the one before.
    const changes = opened.length === kept.length ? log.preview(first.doc, opened) : [];
    return [{ id: first.hash, doc: first.doc, rows: kept.length, fault: first.aside.fault, changes }];
  };
  const refusedEdits = async (): Promise<RefusedEdit[]> =>
    (await Promise.all(groupAside(aside.values()).map(toRefusedEdit))).flat();

  const setAside = async (refused: readonly { row: string; fault: Fault }[]): Promise<readonly RefusedEdit[]> => {
    const ids = new Set<string>();
    const docs = new Set<string>();
    for (const { row: hash, fault: why } of refused) {
      const envelope = why.kind === 'transient' ? undefined : unacked.get(hash);
      const opened = envelope && (await openRow(envelope, trust()));
      if (!opened?.ok) continue;
      const { doc, writer, seq } = opened.value.row;
      const cut = log.prepareCut(doc, writer, seq);
      if (!cut) continue;
      await store.setAside(
        cut.rows.map((row) => row.hash),
        { fault: why, state: 'kept' },
      );
      cut.apply();
      for (const row of cut.rows) {
        unacked.delete(row.hash);
        aside.set(row.hash, { ...toStored(row, false), aside: { fault: why, state: 'kept' } });
      }
      ids.add(hash);
      docs.add(doc);
    }
    if (ids.size === 0) return [];
    tell([...docs]);
    return (await refusedEdits()).filter(({ id }) => ids.has(id));
  };

  const settleVoid = async (): Promise<SettledVoid> => {
    const { dropped, restored } = log.settleVoid(trust());
    const own = log.voidRows().filter(({ row }) => row.device === signer.keyId && trust().devices.has(row.device));
    const why = { fault: onTopOfVoid(), state: 'kept' } as const;
    if (own.length > 0)
      await store.setAside(
        own.map((row) => row.hash),
        why,
      );
    for (const row of own) aside.set(row.hash, { ...toStored(row, false), aside: why });
    log.forgetVoid(new Set(own.map((row) => row.hash)));
    move(dropped, unacked, unackedVoid);
    move(restored, unackedVoid, unacked);
    for (const { hash } of own) unackedVoid.delete(hash);
    const docs = [...new Set([...dropped, ...restored, ...own].map(({ row }) => row.doc))];
    if (docs.length > 0) tell(docs);
    const onTop = new Set([...dropped.filter(({ row }) => trust().devices.has(row.device)), ...own]);
    return { docs, onTop: onTop.size };
  };

  const edit = async (doc: string, change: (editor: DocumentEditor) => void): Promise<Result<void>> => {
    const writer = writerOf(doc);
    let update: Uint8Array | undefined;
    try {
      update = log
        .open(doc)
        .edit(clientIdOf(writer, doc), { author: signer.keyId, clock: options.clock, random: options.random }, change);
    } catch (thrown) {
      return err(isFault(thrown) ? thrown : badEdit(thrown));
    }
    if (!update) return ok();
    // From here the live document holds the edit: whatever fails, it is made again from the accepted rows.
    const kept = await keepOwnRow(doc, writer, update).catch((thrown: unknown) => {
      log.rebuild(doc);
      throw thrown;
    });
    if (kept.ok) tell([doc]);
    else log.rebuild(doc);
    return kept;
  };

  const settleRefused = async (id: string, how: 'rewrite' | 'discard'): Promise<Result<void>> => {
    const found = (await refusedEdits()).find((one) => one.id === id);
    if (!found) return err(noRefusedEdit());
    const { doc, fault: why, changes } = found;
    if (how === 'rewrite') {
      if (changes.length === 0) return err(lostRefusedEdit());
      const written = await edit(doc, (editor) => {
        for (const { path, isText, value } of changes)
          if (isText) editor.setText(path, String(value));
          else editor.set(path, value);
      });
      if (!written.ok) return written;
    }
    const rows = groupAside(aside.values()).find((group) => group.some(({ hash }) => hash === id)) ?? [];
    await store.setAside(
      rows.map(({ hash }) => hash),
      { fault: why, state: 'discarded' },
    );
    for (const row of rows) aside.set(row.hash, { ...row, aside: { fault: why, state: 'discarded' } });
    tell([]);
    return ok();
  };

  return ok({
    rehearse: () => createRehearsal(log, { author: signer.keyId, clock: options.clock, random: options.random }),
    documents: log.documents,
    snapshot: log.snapshot,
    fields: log.fields,
    text: log.text,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settleVoid: () => inTurn(settleVoid),
    lastRowsOf: log.lastRowsOf,
    heads: log.heads,
    missing: log.missing,
    unacked: () => [...unacked.values()],
    async acked(hashes) {
      await store.markAcked(hashes);
      for (const hash of hashes) unacked.delete(hash);
      tell([]);
    },
    setAside: (refused) => inTurn(() => setAside(refused)),
    refusedEdits: () => inTurn(refusedEdits),
    refusedCount: () =>
      groupAside(aside.values()).filter((rows) => rows.some((row) => row.aside?.state === 'kept')).length,
    settleRefused: (id, how) => inTurn(() => settleRefused(id, how)),
    edit: (doc, change) => inTurn(() => edit(doc, change)),
    receive: (envelopes) =>
      inTurn(async () => {
        const accepted: string[] = [];
        const refused: { row: string; fault: Fault }[] = [];
        const fresh: StoredRow[] = [];
        const returned: string[] = [];
        const docs = new Set<string>();
        const merge = (row: OpenedRow): void => {
          const taken = log.acceptOpened(row);
          if (!taken.ok) return void refused.push({ row: row.hash, fault: taken.error });
          accepted.push(row.hash);
          if (taken.value.outcome === 'known') return;
          docs.add(row.row.doc);
          if (taken.value.outcome === 'back') move([row], unackedVoid, unacked);
          // Refused once, and the core has it after all: it lies here already.
          else if (aside.has(row.hash)) returned.push(row.hash);
          else fresh.push(toStored(row, false));
          if (row.row.device !== signer.keyId) options.onForeignRow?.(row);
        };
        for (const raw of envelopes) {
          const envelope = parseEnvelope(raw);
          const opened = envelope.ok ? await openRow(envelope.value, trust()) : envelope;
          if (!opened.ok) {
            refused.push({ row: '', fault: opened.error });
            continue;
          }
          const { ready, forged } = unproven.arrive(opened.value, trust());
          for (const row of ready) merge(row);
          for (const row of forged) refused.push({ row: row.hash, fault: forgedRow(row) });
        }
        if (returned.length > 0) await store.markAcked(returned);
        for (const hash of returned) aside.delete(hash);
        if (fresh.length > 0) await store.append(fresh);
        if (docs.size > 0) tell([...docs]);
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
    aside: null,
  };
}

/** Moves the envelopes of rows from one list to the other. */
function move(rows: readonly OpenedRow[], from: Map<string, Envelope>, to: Map<string, Envelope>): void {
  for (const { hash } of rows) {
    const envelope = from.get(hash);
    if (envelope) to.set(hash, envelope);
    from.delete(hash);
  }
}

function corrupt(why: Fault) {
  return fault(
    'replica.corrupt',
    'permanent',
    `a row on this disk does not verify: ${why.message}`,
    'Move the replica file away and sync again from the core.',
  );
}

function forgedRow({ row }: OpenedRow): Fault {
  return fault(
    'row.revoked',
    'denied',
    `row ${row.seq} of ${row.doc} does not lead to the row that the cut-off of its device names`,
    'Do not trust this core further: it shows other rows of a revoked device than those that stand.',
  );
}

function onTopOfVoid() {
  return fault(
    'row.on-void',
    'conflict',
    'this edit was made on top of what a revoked device wrote, and went with it',
    'Look at the app as it is now, then make the edit again or discard it.',
  );
}

function noRefusedEdit() {
  return fault('row.not-aside', 'conflict', 'that edit is settled already', 'Look at the list as it is now.');
}

function lostRefusedEdit() {
  return fault(
    'row.not-again',
    'conflict',
    'that edit no longer fits its document, so it can not be written once more',
    'Discard it and make the change anew.',
  );
}
