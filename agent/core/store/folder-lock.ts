import { join } from 'node:path';
import Database from 'better-sqlite3';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/** Held while the process lives; also kill -9 releases it, since it is a lock of the kernel on an open file. */
export interface FolderLock {
  release(): void;
}

/** Keeps a second core from the same data folder: two writers would fork the audit chain. */
export function lockFolder(folder: string): Result<FolderLock> {
  const database = new Database(join(folder, 'lock.db'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return ok({ release: () => database.close() });
  } catch {
    database.close();
    return err(
      fault(
        'core.already-running',
        'conflict',
        `Another core runs on the data folder ${folder}.`,
        'Stop it first, or give another folder with --data.',
      ),
    );
  }
}
