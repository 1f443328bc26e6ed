import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fault, type Result } from '#shared/kernel/index.ts';
import { type FileLock, lockFile } from '#shared/node/lock-file.ts';

const WAIT_MS = 1_000;

/** One process per data folder. `release` is for a clean end. Fault: `node.already-running`. */
export function lockDataDir(dataDir: string): Result<FileLock> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const busy = fault(
    'node.already-running',
    'conflict',
    `Another Overseer node works with ${dataDir}.`,
    'Use the one that runs (`overseer node status`), or stop it first (`systemctl stop overseer-node`).',
  );
  return lockFile(join(dataDir, 'lock.db'), WAIT_MS, busy);
}
