import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';

/** Held while its process lives: kill -9 gives it back, since it is a lock of the kernel on an open file. */
export interface FileLock {
  release(): void;
}

/**
 * Takes the lock on `path`, a file that holds nothing. SQLite's file lock is the one lock Node offers that the system
 * releases by itself. Only a lock that somebody holds is `busy`: a disk that takes no writes must not be told as a
 * second program that nobody can find.
 */
export function lockFile(path: string, waitMs: number, busy: Fault): Result<FileLock> {
  let database: Database.Database | undefined;
  try {
    accessSync(dirname(path), constants.W_OK);
    database = new Database(path, { timeout: waitMs });
    // An empty file would get its first page with each lock, for which a full disk has no room.
    if (database.pragma('page_count', { simple: true }) === 0) database.pragma('user_version = 1');
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    const isHeld = String((cause as { code?: unknown }).code).startsWith('SQLITE_BUSY');
    return err(isHeld ? busy : notWritable(dirname(path), cause));
  }
  const held = database;
  return ok({ release: () => void held.close() });
}

function notWritable(folder: string, cause: unknown): Fault {
  return fault(
    'disk.not-writable',
    'permanent',
    `Nothing can be written in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Free space when the disk is full; mount it for writing when it is read-only (systems do that to a disk that fails); see that the folder belongs to this user. Then start again.',
  );
}
