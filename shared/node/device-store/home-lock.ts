import Database from 'better-sqlite3';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/**
 * Holds the home for one process: two commands that edit at once would write two different rows under one number,
 * which every replica takes as proof of a cloned device. SQLite's file lock is the one lock Node offers that the
 * system releases by itself when a process is killed. The file holds nothing.
 */
export function acquireHomeLock(path: string, waitMs: number): Result<{ release(): void }> {
  const database = new Database(path);
  database.pragma(`busy_timeout=${waitMs}`);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    database.close();
    return err(
      fault(
        'cli.home-busy',
        'transient',
        'another overseer command is changing this device’s data',
        'Wait until it has ended, then run the command again.',
      ),
    );
  }
  return ok({ release: () => void database.close() });
}
