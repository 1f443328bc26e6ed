import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { FaultError, fault } from '#shared/kernel/index.ts';
import { migrations } from './schema.ts';

export type NodeDatabase = Database.Database;

/**
 * Opens (or makes) the node's database in `dataDir`. P5: WAL with synchronous FULL, so a commit that returned is on the
 * disk. Throws FaultError `node.store-newer` when a newer version wrote it.
 */
export function openNodeDatabase(dataDir: string): NodeDatabase {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'node.db');
  // SQLite would make the file with the process's umask; its -wal and -shm take the mode of the file.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('busy_timeout = 5000');
  migrate(database, path);
  return database;
}

function migrate(database: NodeDatabase, path: string): void {
  const present = Number(database.pragma('user_version', { simple: true }));
  if (present > migrations.length) {
    throw new FaultError(
      fault(
        'node.store-newer',
        'permanent',
        `${path} has format ${present}; this version of Overseer knows up to ${migrations.length}.`,
        'Run the newer version of Overseer again, or restore the folder from before the update.',
      ),
    );
  }
  for (let step = present; step < migrations.length; step++) {
    database.transaction(() => {
      database.exec(migrations[step] ?? '');
      database.pragma(`user_version = ${step + 1}`);
    })();
  }
}
