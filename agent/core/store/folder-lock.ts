import { join } from 'node:path';
import { fault, type Result } from '#shared/kernel/index.ts';
import { type FileLock, lockFile } from '#shared/node/lock-file.ts';

/** Keeps a second core from the same data folder: two writers would fork the audit chain. */
export function lockFolder(folder: string): Result<FileLock> {
  const busy = fault(
    'core.already-running',
    'conflict',
    `Another core runs on the data folder ${folder}.`,
    'Stop it first, or give another folder with --data.',
  );
  return lockFile(join(folder, 'lock.db'), 0, busy);
}
