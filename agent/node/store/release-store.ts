import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import {
  type Envelope,
  type OwnerBase,
  outcomeKey,
  type ReleaseFloor,
  type ReleaseOutcome,
} from '#shared/trust/index.ts';
import type { NodeDatabase } from './database.ts';

export type OutcomeMessage = Extract<NodeToCore, { type: 'outcome' }>;

/** A release that this node accepted. */
export interface StoredRelease {
  /** itemHash of the header. */
  readonly header: string;
  readonly appId: string;
  readonly number: number;
  readonly envelope: Envelope;
  /** Hash of the body, an object. */
  readonly body: string;
  /** Hash of what the body says; null for a release that was accepted when only bytes were compared. */
  readonly content: string | null;
  readonly acceptedAt: string;
  /** REL-15; null for a release that was accepted before operators could sign any. */
  readonly ownerBase: OwnerBase | null;
  readonly outcome: ReleaseOutcome | null;
  readonly digests: Readonly<Record<string, string>>;
}

export interface ReleaseStore {
  floor(appId: string): ReleaseFloor;
  /** HOLD-9: a release that this node accepted and whose bytes it has lost; the highest number of an app stays. */
  remember(accepted: { appId: string; number: number; header: string }): void;
  /** Every app this node ever accepted a release for. */
  appIds(): string[];
  get(header: string): StoredRelease | undefined;
  /** The newest accepted release of an app. */
  newest(appId: string): StoredRelease | undefined;
  /** The newest release of an app that succeeded. */
  running(appId: string): StoredRelease | undefined;
  /** Whether a release of the app with these bytes, or with this content, was accepted. */
  hasBody(appId: string, body: string, content: string): boolean;
  /** Accepted and without an outcome, oldest first. */
  unfinished(): StoredRelease[];
  /** REL-10: in one transaction with what the caller does around it. `objects`: hashes the release needs. */
  accept(release: Omit<StoredRelease, 'outcome' | 'digests'>, objects: readonly string[]): void;
  /** Writes the outcome and puts the message into the outbox. */
  finish(
    header: string,
    outcome: ReleaseOutcome,
    digests: Readonly<Record<string, string>>,
    message: OutcomeMessage,
  ): void;
  /** The outcome message of an accepted release that ended. */
  outcomeMessage(header: string): OutcomeMessage | undefined;
  /** Puts a message (again) into the outbox: a refusal, or a known outcome that was asked for again. */
  enqueue(message: OutcomeMessage): void;
  outbox(): OutcomeMessage[];
  acknowledge(header: string): void;
  /** Deletes objects that no newest, running or unfinished release needs. Gives how many. */
  sweepObjects(): number;
}

interface Row {
  header: string;
  app_id: string;
  number: number;
  envelope: string;
  body: string;
  content: string | null;
  accepted_at: string;
  owner_base: string | null;
  outcome: ReleaseOutcome | null;
  digests: string | null;
  message: string | null;
}

/** The accepted releases, from which the floors follow. */
export function createReleaseStore(database: NodeDatabase): ReleaseStore {
  const byHeader = database.prepare<[string], Row>('SELECT * FROM release WHERE header = ?');
  const byApp = database.prepare<[string], Row>('SELECT * FROM release WHERE app_id = ? ORDER BY number');
  const newest = database.prepare<[string], Row>('SELECT * FROM release WHERE app_id = ? ORDER BY number DESC LIMIT 1');
  const running = database.prepare<[string], Row>(
    `SELECT * FROM release WHERE app_id = ? AND outcome = 'succeeded' ORDER BY number DESC LIMIT 1`,
  );
  const withBody = database.prepare<[string, string, string], Row>(
    'SELECT * FROM release WHERE app_id = ? AND (body = ? OR content = ?) LIMIT 1',
  );
  const unfinished = database.prepare<[], Row>(
    'SELECT * FROM release WHERE outcome IS NULL ORDER BY accepted_at, app_id, number',
  );
  const appIds = database.prepare<[], { app_id: string }>('SELECT DISTINCT app_id FROM release ORDER BY app_id');
  const insert = database.prepare(
    `INSERT INTO release (header, app_id, number, envelope, body, content, accepted_at, owner_base)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertObject = database.prepare('INSERT OR IGNORE INTO release_object (header, hash) VALUES (?, ?)');
  const end = database.prepare('UPDATE release SET outcome = ?, digests = ?, message = ? WHERE header = ?');
  const toOutbox = database.prepare('INSERT OR REPLACE INTO outcome_outbox (header, message) VALUES (?, ?)');
  const outbox = database.prepare<[], { message: string }>('SELECT message FROM outcome_outbox ORDER BY rowid');
  const acknowledge = database.prepare('DELETE FROM outcome_outbox WHERE header = ?');
  const forgetLinks = database.prepare(
    `DELETE FROM release_object WHERE header NOT IN (
       SELECT header FROM release WHERE outcome IS NULL
       UNION SELECT header FROM (SELECT header, max(number) FROM release GROUP BY app_id)
       UNION SELECT header FROM (SELECT header, max(number) FROM release WHERE outcome = 'succeeded' GROUP BY app_id)
     )`,
  );
  const forgetObjects = database.prepare('DELETE FROM object WHERE hash NOT IN (SELECT hash FROM release_object)');

  const before = database.prepare<[string], { number: number; header: string }>(
    'SELECT number, header FROM accepted_before WHERE app_id = ?',
  );
  const remember = database.prepare(
    `INSERT INTO accepted_before (app_id, number, header) VALUES (?, ?, ?)
     ON CONFLICT (app_id) DO UPDATE SET number = excluded.number, header = excluded.header
     WHERE excluded.number > accepted_before.number`,
  );

  return {
    remember: ({ appId, number, header }) => void remember.run(appId, number, header),
    floor(appId) {
      const rows = byApp.all(appId);
      const last = rows.at(-1);
      const lost = before.get(appId);
      const good = rows.findLast((row) => row.outcome === 'succeeded');
      const ended = rows.filter((row): row is Row & { outcome: ReleaseOutcome } => row.outcome !== null);
      return {
        accepted:
          lost && lost.number > (last?.number ?? 0) ? lost : last ? { number: last.number, header: last.header } : null,
        running: good ? { number: good.number, header: good.header, digests: toStored(good).digests } : null,
        outcomes: Object.fromEntries(ended.map((row) => [outcomeKey(row.number, row.header), row.outcome])),
      };
    },
    appIds: () => appIds.all().map((row) => row.app_id),
    get: (header) => optional(byHeader.get(header)),
    newest: (appId) => optional(newest.get(appId)),
    running: (appId) => optional(running.get(appId)),
    hasBody: (appId, body, content) => withBody.get(appId, body, content) !== undefined,
    unfinished: () => unfinished.all().map(toStored),
    accept: database.transaction((release: Omit<StoredRelease, 'outcome' | 'digests'>, objects: readonly string[]) => {
      const { header, appId, number, envelope, body, content, acceptedAt, ownerBase } = release;
      const base = ownerBase === null ? null : JSON.stringify(ownerBase);
      insert.run(header, appId, number, JSON.stringify(envelope), body, content, acceptedAt, base);
      for (const hash of new Set([body, ...objects])) insertObject.run(header, hash);
    }),
    finish: database.transaction((header: string, outcome, digests, message) => {
      const text = JSON.stringify(message);
      end.run(outcome, JSON.stringify(digests), text, header);
      toOutbox.run(header, text);
    }),
    outcomeMessage(header) {
      const text = byHeader.get(header)?.message;
      return text ? (JSON.parse(text) as OutcomeMessage) : undefined;
    },
    enqueue: (message) => void toOutbox.run(message.header, JSON.stringify(message)),
    outbox: () => outbox.all().map((row) => JSON.parse(row.message) as OutcomeMessage),
    acknowledge: (header) => void acknowledge.run(header),
    sweepObjects: database.transaction(() => {
      forgetLinks.run();
      return forgetObjects.run().changes;
    }),
  };
}

function optional(row: Row | undefined): StoredRelease | undefined {
  return row ? toStored(row) : undefined;
}

function toStored(row: Row): StoredRelease {
  return {
    header: row.header,
    appId: row.app_id,
    number: row.number,
    envelope: JSON.parse(row.envelope) as Envelope,
    body: row.body,
    content: row.content,
    acceptedAt: row.accepted_at,
    ownerBase: row.owner_base ? (JSON.parse(row.owner_base) as OwnerBase) : null,
    outcome: row.outcome,
    digests: row.digests ? (JSON.parse(row.digests) as Record<string, string>) : {},
  };
}
