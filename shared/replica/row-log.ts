import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Envelope, TrustState } from '#shared/trust/index.ts';
import { createDocument, type Document } from './document.ts';
import { type FieldChange, findChanges } from './field-changes.ts';
import type { FieldState } from './field-state.ts';
import { doesRowCount, type OpenedRow, openRow } from './row.ts';
import type { DocumentSnapshot } from './snapshot.ts';

/** Largest sum of updates of one document, in bytes, until snapshots cut rows. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** Stored rows whose signatures are checked at the same time. */
const VERIFIED_TOGETHER = 128;

interface Chain {
  device: string;
  seq: number;
  hash: string;
  hashes: string[];
}

interface Held {
  document: Document;
  rows: OpenedRow[];
  bytes: number;
  chains: Map<string, Chain>;
  writerOfClient: Map<number, string>;
}

/** Document -> writer -> highest sequence number held. */
export type RowHeads = Record<string, Record<string, number>>;

/**
 * What became of a row that arrived. `known` rows are held already and change nothing; one that is `back` was held aside
 * as void and counts again.
 */
export type RowArrival = { readonly outcome: 'new' | 'known' | 'back'; readonly row: OpenedRow };

/** Where the chain of a writer in a document ends. */
export interface LastRow {
  readonly doc: string;
  readonly writer: string;
  readonly seq: number;
  readonly hash: string;
}

/** What a change of the trust log did to rows. */
export interface SettledRows {
  /** Left out from now on. */
  readonly dropped: readonly OpenedRow[];
  /** Back again: what had voided them is void itself. */
  readonly restored: readonly OpenedRow[];
}

/** Every accepted row of every document, and the documents they make. Used alike by devices and by the core. */
export interface RowLog {
  /** Verifies one row and merges it. Rows of one writer must come in order. */
  accept(envelope: Envelope, trust: TrustState): Promise<Result<RowArrival>>;
  /** Merges a row that was verified already. */
  acceptOpened(opened: OpenedRow): Result<RowArrival>;
  /**
   * Takes the rows of a store, in their order. Those that a revocation voids, and what was written on top of them, are held
   * aside. Any other row that does not verify was changed on the disk: that is a fault.
   */
  load(envelopes: readonly Envelope[], trust: TrustState): Promise<Result<void>>;
  /**
   * LOG-19: after the trust log has grown, holds aside what revocations void and what was written on top of that, and takes
   * back what counts again. Nothing is forgotten: a revocation can be void itself.
   */
  settleVoid(trust: TrustState): SettledRows;
  /** What is held aside now. */
  voidRows(): readonly OpenedRow[];
  /** Lets go of rows that are held aside: they lie elsewhere. */
  forgetVoid(hashes: ReadonlySet<string>): void;
  /** Takes a row of ours whose update is in the live document already. */
  acceptOwn(opened: OpenedRow): Result<void>;
  documents(): readonly string[];
  snapshot(doc: string): DocumentSnapshot | undefined;
  fields(doc: string): ReadonlyMap<string, FieldState> | undefined;
  text(doc: string, textId: string): string;
  /** The live document of a name, made when missing: for local edits. */
  open(doc: string): Document;
  /** A document of its own with the accepted rows of a name. */
  copy(doc: string): Document;
  /** Throws away what a failed local edit or a refused update left and merges the accepted rows again. */
  rebuild(doc: string): void;
  /**
   * What it takes to go on without the rows of a writer from `seq` on; undefined while rows of others build on them,
   * which an honest core does not hand out before it took these.
   */
  prepareCut(
    doc: string,
    writer: string,
    seq: number,
  ): { readonly rows: readonly OpenedRow[]; apply(): void } | undefined;
  /** What these rows would write if they were merged now; none for rows that can not be. */
  preview(doc: string, rows: readonly OpenedRow[]): readonly FieldChange[];
  head(doc: string, writer: string): { seq: number; hash: string } | undefined;
  /** The last row of each writer of a device, in each document. */
  lastRowsOf(device: string): readonly LastRow[];
  heads(): RowHeads;
  /** Rows that a peer with these heads lacks, in an order that can be merged. */
  missing(heads: RowHeads): Envelope[];
}

/** Makes an empty row log. */
export function createRowLog(): RowLog {
  /** Void rows and what was written on top of them, in the order in which they can be merged. */
  let voided: OpenedRow[] = [];
  const isVoid = (one: OpenedRow, trust: TrustState) => !doesRowCount(trust, { ...one.row, hash: one.hash });
  const held = new Map<string, Held>();
  const hold = (doc: string): Held => {
    let entry = held.get(doc);
    if (!entry) {
      entry = { document: createDocument(), rows: [], bytes: 0, chains: new Map(), writerOfClient: new Map() };
      held.set(doc, entry);
    }
    return entry;
  };
  const copy = (doc: string): Document => {
    const document = createDocument();
    for (const { update, row } of held.get(doc)?.rows ?? []) document.merge(update, row.clientId, row.device);
    return document;
  };
  const rebuild = (doc: string) => {
    const entry = held.get(doc);
    if (!entry) return;
    entry.document.destroy();
    entry.document = copy(doc);
  };

  const take = (opened: OpenedRow): Result<RowArrival> => {
    const { row, update, hash } = opened;
    const entry = hold(row.doc);
    const place = decideRowPlace(entry, opened);
    if (!place.ok) return place;
    if (place.value === 'known') return ok({ outcome: 'known', row: opened });
    if (entry.bytes + update.length > MAX_DOCUMENT_BYTES) {
      return err(
        fault(
          'row.document-full',
          'permanent',
          `document ${row.doc} would grow over ${MAX_DOCUMENT_BYTES} bytes`,
          'Remove what the app no longer needs.',
        ),
      );
    }
    const merged = entry.document.merge(update, row.clientId, row.device);
    if (!merged.ok) {
      if (entry.document.dirty) rebuild(row.doc);
      return merged;
    }
    remember(entry, opened, hash);
    return ok({ outcome: 'new', row: opened });
  };

  const acceptOpened = (opened: OpenedRow): Result<RowArrival> => {
    const arrival = take(opened);
    if (!arrival.ok || !voided.some(({ hash }) => hash === opened.hash)) return arrival;
    voided = voided.filter(({ hash }) => hash !== opened.hash);
    return ok({ outcome: 'back', row: opened });
  };

  return {
    async accept(envelope, trust) {
      const opened = await openRow(envelope, trust);
      return opened.ok ? acceptOpened(opened.value) : opened;
    },
    acceptOpened,
    async load(envelopes, trust) {
      const thinned = new Set<string>();
      let verified: Result<OpenedRow>[] = [];
      for (const index of envelopes.keys()) {
        // Many at once: a signature is checked off this thread, and waiting for each would be most of the time.
        if (index % VERIFIED_TOGETHER === 0) {
          const some = envelopes.slice(index, index + VERIFIED_TOGETHER);
          verified = await Promise.all(some.map((envelope) => openRow(envelope, trust, 'stored')));
        }
        const opened = verified[index % VERIFIED_TOGETHER] as Result<OpenedRow>;
        if (!opened.ok) return opened;
        const { doc } = opened.value.row;
        const arrival = isVoid(opened.value, trust) ? undefined : take(opened.value);
        if (arrival?.ok) continue;
        if (arrival && !thinned.has(doc)) return arrival;
        thinned.add(doc);
        voided.push(opened.value);
      }
      return ok();
    },
    settleVoid(trust) {
      const dropped: OpenedRow[] = [];
      for (const [doc, entry] of [...held]) {
        if (!entry.rows.some((one) => isVoid(one, trust))) continue;
        entry.document.destroy();
        held.delete(doc);
        for (const one of entry.rows) if (isVoid(one, trust) || !take(one).ok) dropped.push(one);
      }
      const before = voided;
      voided = [];
      const restored = new Set<OpenedRow>();
      // Again while it helps: what was taken out later can be what a row that was taken out earlier builds on.
      for (let count = -1; count !== restored.size; ) {
        count = restored.size;
        for (const one of before) if (!restored.has(one) && !isVoid(one, trust) && take(one).ok) restored.add(one);
      }
      voided = [...before.filter((one) => !restored.has(one)), ...dropped];
      return { dropped, restored: [...restored] };
    },
    voidRows: () => voided,
    forgetVoid(hashes) {
      voided = voided.filter(({ hash }) => !hashes.has(hash));
    },
    acceptOwn(opened) {
      const entry = hold(opened.row.doc);
      const place = decideRowPlace(entry, opened);
      if (!place.ok) return place;
      remember(entry, opened, opened.hash);
      return ok();
    },
    // A document that was only opened for an edit which changed nothing does not exist yet.
    documents: () => [...held].filter(([, entry]) => entry.rows.length > 0).map(([doc]) => doc),
    snapshot(doc) {
      const entry = held.get(doc);
      return entry && entry.rows.length > 0 ? entry.document.snapshot() : undefined;
    },
    fields(doc) {
      const entry = held.get(doc);
      return entry && entry.rows.length > 0 ? entry.document.fields() : undefined;
    },
    text: (doc, textId) => held.get(doc)?.document.text(textId) ?? '',
    open: (doc) => hold(doc).document,
    copy,
    rebuild,
    prepareCut(doc, writer, seq) {
      const entry = hold(doc);
      const isCut = ({ row }: OpenedRow) => row.writer === writer && row.seq >= seq;
      const rest = entry.rows.filter((one) => !isCut(one));
      const document = createDocument();
      const builds = rest.every(({ update, row }) => document.merge(update, row.clientId, row.device).ok);
      if (!builds) {
        document.destroy();
        return undefined;
      }
      return {
        rows: entry.rows.filter(isCut),
        apply() {
          entry.document.destroy();
          const fresh: Held = { document, rows: [], bytes: 0, chains: new Map(), writerOfClient: new Map() };
          for (const one of rest) remember(fresh, one, one.hash);
          held.set(doc, fresh);
        },
      };
    },
    preview(doc, rows) {
      // A copy of the device may have taken their numbers: they stand on what was there before it.
      const taken = ({ row: { writer, seq } }: OpenedRow) =>
        rows.some(({ row }) => row.writer === writer && row.seq <= seq);
      const present = hold(doc);
      const [base, document] = [createDocument(), createDocument()];
      const mergeInto = (target: Document, some: readonly OpenedRow[]) =>
        some.every(({ update, row }) => target.merge(update, row.clientId, row.device).ok);
      const rest = present.rows.filter((one) => !taken(one));
      const isMerged = mergeInto(base, rest) && mergeInto(document, [...rest, ...rows]);
      const changes = isMerged ? findChanges(base, document, present.document) : [];
      base.destroy();
      document.destroy();
      return changes;
    },
    head: (doc, writer) => held.get(doc)?.chains.get(writer),
    lastRowsOf: (device) =>
      [...held].flatMap(([doc, { chains }]) =>
        [...chains]
          .filter(([, chain]) => chain.device === device)
          .map(([writer, { seq, hash }]) => ({ doc, writer, seq, hash })),
      ),
    heads() {
      const heads: RowHeads = {};
      for (const [doc, entry] of held) {
        if (entry.chains.size > 0)
          heads[doc] = Object.fromEntries([...entry.chains].map(([writer, chain]) => [writer, chain.seq]));
      }
      return heads;
    },
    missing(heads) {
      return [...held].flatMap(([doc, entry]) =>
        entry.rows.filter(({ row }) => row.seq > (heads[doc]?.[row.writer] ?? 0)).map((row) => row.envelope),
      );
    },
  };
}

function decideRowPlace(entry: Held, opened: OpenedRow): Result<'new' | 'known'> {
  const { row, hash } = opened;
  const chain = entry.chains.get(row.writer);
  if (chain && chain.device !== row.device)
    return refuse('row.foreign-author', `writer ${row.writer} belongs to another device`);
  if (chain && row.seq <= chain.seq) {
    if (chain.hashes[row.seq - 1] === hash) return ok('known');
    // Two rows of one (device, writer, seq): proof that the device, or somebody with its keys, tells two stories.
    return refuse(
      'row.equivocation',
      `device ${row.device} wrote two different rows ${row.seq} as writer ${row.writer}`,
    );
  }
  if (row.seq !== (chain?.seq ?? 0) + 1)
    return refuse('row.gap', `row ${row.seq} came, ${(chain?.seq ?? 0) + 1} was expected`);
  if (row.prevHash !== (chain?.hash ?? null))
    return refuse('row.broken-chain', `row ${row.seq} does not continue the writer’s last row`);
  const other = entry.writerOfClient.get(row.clientId);
  if (other !== undefined && other !== row.writer)
    return refuse('row.foreign-client', 'another writer has this Yjs client id');
  return ok('new');
}

function remember(entry: Held, opened: OpenedRow, hash: string): void {
  const { row, update } = opened;
  const chain = entry.chains.get(row.writer);
  if (chain) {
    chain.seq = row.seq;
    chain.hash = hash;
    chain.hashes.push(hash);
  } else {
    entry.chains.set(row.writer, { device: row.device, seq: row.seq, hash, hashes: [hash] });
    entry.writerOfClient.set(row.clientId, row.writer);
  }
  entry.rows.push(opened);
  entry.bytes += update.length;
}

function refuse(code: string, message: string): Result<never> {
  return err(
    fault(
      code,
      'denied',
      message,
      'The row was not taken. Sync again; if it stays so, the author’s device needs a look.',
    ),
  );
}
