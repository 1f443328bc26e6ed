import type { RowsAccepted } from '#shared/contracts/rest/index.ts';
import {
  type Clock,
  type Fault,
  FaultError,
  fault,
  type Result,
  sha256Hex,
  unwrap,
  utf8,
} from '#shared/kernel/index.ts';
import { createRowLog, type DocumentSnapshot, type OpenedRow, openRow, type RowHeads } from '#shared/replica/index.ts';
import { type Envelope, itemHash, type TrustState } from '#shared/trust/index.ts';
import { type Actor, performAudited } from '../audit/audit-log.ts';
import { createBuckets } from '../rate-limit.ts';
import type { CoreStore } from '../store/port.ts';

/** What rows that a revocation took leave in the audit log. */
export const VOID_ROWS_ACTION = 'rows.void';

/** Key in the store's meta table of which void rows the audit log has told: a hash over theirs. */
const VOID_ROWS_KEY = 'void-rows';

/** Rows of one device that may be refused at once, and how many more per second: who floods is cut off, who merely lags is not. */
const REFUSED_ROWS = { capacity: 256, perSecond: 8 };

/** Rows whose signatures are looked at together: those of another push come in between. */
const VERIFIED_TOGETHER = 16;

/** Desired state as the core relays it: it stores only rows that verify, and merges them for its lists. */
export interface RowKeeper {
  /** Verifies, stores, then tells. Each row is accepted or refused by itself; one audit entry for the whole push. */
  push(rows: readonly Envelope[], actor: Actor): Promise<RowsAccepted>;
  /** Throws while an asker is not heard, for too many of its rows were refused: ask before it costs anything. */
  requireHeard(askerId: string): void;
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
  const refusals = createBuckets(REFUSED_ROWS, clock);
  const turns = new Map<string, Promise<unknown>>();
  const listeners: ((rows: readonly Envelope[], docs: readonly string[]) => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();

  /** Signatures, authors and rights, before it is this push's turn: most of the time goes there, and needs no order. */
  async function verify(rows: readonly Envelope[]): Promise<Verified> {
    const by = trust();
    const opened: Result<OpenedRow>[] = [];
    for (let from = 0; from < rows.length; from += VERIFIED_TOGETHER)
      opened.push(
        ...(await Promise.all(rows.slice(from, from + VERIFIED_TOGETHER).map((envelope) => openRow(envelope, by)))),
      );
    return { by, opened };
  }

  async function push(rows: readonly Envelope[], verified: Verified, actor: Actor): Promise<RowsAccepted> {
    const accepted: OpenedRow[] = [];
    const fresh: OpenedRow[] = [];
    const refused: RowsAccepted['refused'] = [];
    for (const [index, envelope] of rows.entries()) {
      const opened = verified.opened[index] as Result<OpenedRow>;
      // The log has grown meanwhile: what it says of the author now is what counts.
      const isStale = trust() !== verified.by;
      const arrival = isStale
        ? await log.accept(envelope, trust())
        : opened.ok
          ? log.acceptOpened(opened.value)
          : opened;
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

  function requireHeard(askerId: string): void {
    const waitSeconds = refusals.waitFor(askerId);
    if (waitSeconds > 0) throw new FaultError(tooManyRefused(waitSeconds));
  }

  async function pushInTurn(rows: readonly Envelope[], actor: Actor): Promise<RowsAccepted> {
    requireHeard(actor.id);
    const verified = await verify(rows);
    const run = last.then(() => push(rows, verified, actor));
    last = run.catch(() => {});
    const taken = await run;
    if (taken.refused.length > 0) refusals.owe(actor.id, taken.refused.length);
    return taken;
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
      // One push of an asker at a time, in the order in which they came: who opens twenty replicas is not verified twenty
      // times as fast.
      const run = (turns.get(actor.id) ?? Promise.resolve()).then(() => pushInTurn(rows, actor));
      const turn: Promise<unknown> = run
        .catch(() => {})
        .then(() => {
          if (turns.get(actor.id) === turn) turns.delete(actor.id);
        });
      turns.set(actor.id, turn);
      return run;
    },
    requireHeard,
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

interface Verified {
  /** The log by which they were verified. */
  readonly by: TrustState;
  readonly opened: readonly Result<OpenedRow>[];
}

function tooManyRefused(waitSeconds: number): Fault {
  return fault(
    'row.too-many-refused',
    'transient',
    'Too many rows of this device were refused.',
    `It is heard again in ${waitSeconds} s. If nobody knows why, look at that device: \`overseer device list\`.`,
    { detail: { retryAfterSeconds: String(waitSeconds) } },
  );
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
