import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import Database from 'better-sqlite3';
import { FaultError, fault } from '#shared/kernel/index.ts';

/** The types are those of better-sqlite3; `key` comes with the build that encrypts (better-sqlite3-multiple-ciphers). */
export type ReplicaDatabase = Database.Database & { key(key: Buffer): number };

/** The tables, one string per schema version; `user_version` counts how many have run. */
const MIGRATIONS = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE rows (
     position INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE, doc TEXT NOT NULL, writer TEXT NOT NULL,
     seq INTEGER NOT NULL, envelope TEXT NOT NULL, unacked INTEGER NOT NULL) STRICT;
   CREATE TABLE trust (position INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE, envelope TEXT NOT NULL) STRICT;
   CREATE TABLE objects (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL, uploaded INTEGER NOT NULL DEFAULT 0) STRICT;
   CREATE TABLE releases (
     app_id TEXT NOT NULL, node TEXT NOT NULL, number INTEGER NOT NULL, header TEXT NOT NULL, envelope TEXT NOT NULL,
     body TEXT NOT NULL, seen_at TEXT NOT NULL, PRIMARY KEY (app_id, node, number)) STRICT;
   CREATE TABLE intents (
     id TEXT PRIMARY KEY, app_id TEXT NOT NULL, verb TEXT NOT NULL, created_at TEXT NOT NULL, content TEXT NOT NULL,
     state TEXT NOT NULL, fault TEXT) STRICT;
   CREATE TABLE tokens (secret TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT;
   CREATE TABLE witness (
     chain TEXT NOT NULL, head TEXT NOT NULL, seq INTEGER, seen_at TEXT NOT NULL, PRIMARY KEY (chain, head)) STRICT;`,
  'ALTER TABLE rows ADD COLUMN aside TEXT;',
];

/**
 * Opens the device's replica: one SQLite file, every page of it encrypted with the raw 256-bit key of the device.
 * `synchronous=EXTRA` because what was acknowledged to the person must survive a power cut (P5).
 */
export function openReplicaDatabase(path: string, keyHex: string): ReplicaDatabase {
  const database = new Database(path) as ReplicaDatabase;
  try {
    database.pragma("cipher='chacha20'");
    database.key(Buffer.from(`raw:${keyHex}`));
    database.pragma('journal_mode=DELETE');
    database.pragma('synchronous=EXTRA');
    database.pragma('busy_timeout=5000');
    migrate(database);
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code !== 'SQLITE_NOTADB') throw error;
    throw new FaultError(
      fault(
        'device.bad-replica',
        'permanent',
        'the local replica does not open with the key of this device',
        'It was replaced or damaged. Put both files of OVERSEER_HOME back from one backup.',
      ),
      { cause: error },
    );
  }
  assertEncrypted(path);
  return database;
}

function migrate(database: ReplicaDatabase): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new FaultError(
      fault(
        'device.bad-replica',
        'permanent',
        `the local replica has schema ${version}, this version knows ${MIGRATIONS.length}`,
        'Use the newer version of overseer that wrote it.',
      ),
    );
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version=${index + 1}`);
    })();
  }
}

/** P7: a build of SQLite without the cipher would write plain pages without a word; refuse to go on then. */
function assertEncrypted(path: string): void {
  if (!existsSync(path)) return;
  const header = Buffer.alloc(16);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, 16, 0);
  } finally {
    closeSync(file);
  }
  if (header.toString('latin1').startsWith('SQLite format 3')) {
    throw new FaultError(
      fault(
        'device.bad-replica',
        'permanent',
        'the local replica is not encrypted',
        'The SQLite library of this installation lacks encryption: install overseer again. Nothing more was written.',
      ),
    );
  }
}
