import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import { createGroupCommit } from './group-commit.ts';
import { openDatabase, openReader, type Sqlite } from './open-database.ts';
import type { CoreStore, DurableWrites } from './port.ts';
import { type DurableTables, durableMigrations, type RebuildableTables, rebuildableMigrations } from './schema.ts';
import { createSqliteReads } from './sqlite-reads.ts';
import { createSqliteRebuildable } from './sqlite-rebuildable.ts';
import { createSqliteWrites } from './sqlite-writes.ts';
import { SynchronousDialect } from './synchronous-dialect.ts';

/** Names of the two files in the data folder. */
export const DURABLE_FILE = 'durable.db';
export const REBUILDABLE_FILE = 'rebuildable.db';

/** The core's store in `folder`, which must exist. Writes go over one connection, reads over another. */
export function openSqliteStore(folder: string): Result<CoreStore> {
  const durableFile = join(folder, DURABLE_FILE);
  const durable = openDatabase(durableFile, 'full', durableMigrations);
  if (!durable.ok) return durable;
  const rebuildable = openRebuildable(join(folder, REBUILDABLE_FILE));
  if (!rebuildable.ok) {
    durable.value.close();
    return err(rebuildable.error);
  }
  const reading = openReader(durableFile);
  const reader = kysely<DurableTables>(reading);
  const writer = kysely<DurableTables>(durable.value);
  const observed = kysely<RebuildableTables>(rebuildable.value);
  const commits = createGroupCommit<DurableWrites>(durable.value, createSqliteWrites(writer));
  return ok({
    durable: { read: createSqliteReads(reader), write: commits.write, failing: commits.failing },
    rebuildable: createSqliteRebuildable(observed),
    async close() {
      // Kysely closes only what it has used; and the last connection to close folds the write-ahead log into the
      // file, which must be the one that may write.
      reading.close();
      durable.value.close();
      rebuildable.value.close();
    },
  });
}

/** What can be rebuilt must not keep a core from starting: a file that is no database any more is begun anew. */
function openRebuildable(file: string): Result<Sqlite> {
  const opened = openDatabase(file, 'normal', rebuildableMigrations);
  if (opened.ok || opened.error.code !== 'store.unreadable') return opened;
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  return openDatabase(file, 'normal', rebuildableMigrations);
}

function kysely<Tables>(database: Sqlite): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SynchronousDialect({ database }) });
}
