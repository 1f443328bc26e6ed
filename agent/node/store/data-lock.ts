import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/**
 * One process per data folder. The lock is the kernel's on an open file, so kill -9 gives it back. `release` is for
 * a clean end. Fault: `node.already-running`.
 */
export function lockDataDir(dataDir: string): Result<{ release(): void }> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = new Database(join(dataDir, 'lock.db'), { timeout: 1_000 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
    return ok({ release: () => void database.close() });
  } catch {
    database.close();
    return err(
      fault(
        'node.already-running',
        'conflict',
        `Another Overseer node works with ${dataDir}.`,
        'Use the one that runs (`overseer node status`), or stop it first (`systemctl stop overseer-node`).',
      ),
    );
  }
}
