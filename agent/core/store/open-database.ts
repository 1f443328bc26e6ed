import Database from 'better-sqlite3';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

export type Sqlite = Database.Database;

/** `full` syncs at each commit; `normal` only at checkpoints, so the newest commits may be lost, never torn. */
export type Durability = 'full' | 'normal';

/**
 * Opens (or makes) a database file, in WAL, and brings it to the newest schema. Refuses a file that a newer
 * program has written: it could not be read rightly.
 */
export function openDatabase(file: string, durability: Durability, migrations: readonly string[]): Result<Sqlite> {
  let database: Sqlite;
  try {
    database = new Database(file);
    database.pragma('journal_mode = WAL');
    database.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
    database.pragma('busy_timeout = 5000');
    database.pragma('foreign_keys = ON');
  } catch (cause) {
    return err(openFault(file, cause));
  }
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    database.close();
    return err(
      fault(
        'store.newer-schema',
        'permanent',
        `${file} has schema version ${version}; this program knows up to ${migrations.length}.`,
        'Start the newer version of Overseer that wrote it, or restore a copy made by this version.',
      ),
    );
  }
  try {
    for (let next = version; next < migrations.length; next++) {
      database.transaction(() => {
        database.exec(migrations[next] ?? '');
        database.pragma(`user_version = ${next + 1}`);
      })();
    }
  } catch (cause) {
    database.close();
    return err(openFault(file, cause));
  }
  return ok(database);
}

/** A second connection that sees only what is committed. */
export function openReader(file: string): Sqlite {
  const database = new Database(file, { readonly: true });
  database.pragma('busy_timeout = 5000');
  return database;
}

function openFault(file: string, cause: unknown) {
  return fault(
    'store.unreadable',
    'permanent',
    `${file} can not be opened: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Check that the folder exists, belongs to the user of the core and has space; else restore it from a backup.',
  );
}
