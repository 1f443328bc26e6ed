import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Envelope } from '../evil/orders.ts';

/** One entry of a node's own audit chain, as far as attacks are judged by it. */
export interface AuditLine {
  readonly seq: number;
  readonly action: string;
  readonly order: string | null;
  readonly subject: Readonly<Record<string, string>>;
  readonly detail: Readonly<Record<string, string>>;
}

/** The head of a node's own chain. */
export interface OwnHead {
  readonly head: string | null;
  readonly seq: number;
}

/** What lies on the disk of a node, read from outside. */
export interface NodeDisk {
  readonly fleet: string;
  readonly trust: readonly Envelope[];
  readonly audit: readonly AuditLine[];
  /** The newest entry of its own chain. */
  readonly head: OwnHead;
  /** The latest time that somebody vouched for; null: nobody did. */
  readonly timeFloorMs: number | null;
  /** `appId number` of every accepted release. */
  readonly accepted: readonly string[];
  /** Hash over all that orders change: releases, objects, ownership, records, trust, and every file beside the database. */
  readonly stateHash: string;
}

/** Tables that an order changes; the audit chain and what waits for the core are not among them. */
const STATE_TABLES = [
  'trust_entry',
  // How an accepted release ended is written later, and not by what is judged.
  '(SELECT header, app_id, number, envelope, body, accepted_at, owner_base FROM release)',
  'object',
  'release_object',
  'ownership',
  'dns_record',
] as const;

/** Reads the disk of a node, also while its agent runs. */
export function readNodeDisk(folder: string): NodeDisk {
  const database = new Database(join(folder, 'node.db'), { readonly: true, fileMustExist: true });
  try {
    const hash = createHash('sha256');
    for (const table of STATE_TABLES) hash.update(JSON.stringify(database.prepare(`SELECT * FROM ${table}`).all()));
    for (const file of otherFiles(folder)) hash.update(file).update(readFileSync(join(folder, file)));
    const all = <T>(sql: string) => database.prepare(sql).all() as T[];
    const fleet = database.prepare("SELECT value FROM setting WHERE key = 'fleet'").get() as { value: string };
    return {
      fleet: fleet.value,
      head: all<OwnHead>('SELECT hash AS head, seq FROM audit ORDER BY seq DESC LIMIT 1')[0] ?? { head: null, seq: 0 },
      trust: all<{ envelope: string }>('SELECT envelope FROM trust_entry ORDER BY position').map(
        ({ envelope }) => JSON.parse(envelope) as Envelope,
      ),
      audit: all<{ envelope: string }>('SELECT envelope FROM audit ORDER BY seq').map(({ envelope }) =>
        readLine(JSON.parse(envelope) as Envelope),
      ),
      timeFloorMs:
        all<{ time_ms: number | null }>('SELECT max(time_ms) AS time_ms FROM time_floor')[0]?.time_ms ?? null,
      accepted: all<{ app_id: string; number: number }>(
        'SELECT app_id, number FROM release ORDER BY accepted_at, number',
      ).map((row) => `${row.app_id} ${row.number}`),
      stateHash: hash.digest('hex'),
    };
  } finally {
    database.close();
  }
}

/** The disk of a node to which nobody has vouched for a time since it joined. */
export function forgetTime(folder: string): void {
  const database = new Database(join(folder, 'node.db'), { fileMustExist: true });
  database.exec('DELETE FROM time_floor');
  database.close();
}

/** Reads an entry of a node's chain. */
export function readLine({ payload }: Envelope): AuditLine {
  const entry = JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as AuditLine;
  const { seq, action, order, subject, detail } = entry;
  return { seq, action, order, subject, detail };
}

function otherFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(node|lock)\.db/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
