import { fault, type Result } from '#shared/kernel/index.ts';
import { type FileLock, lockFile } from '../lock-file.ts';

/**
 * Holds the home for one process: two commands that edit at once would write two different rows under one number,
 * which every replica takes as proof of a cloned device.
 */
export function acquireHomeLock(path: string, waitMs: number): Result<FileLock> {
  const busy = fault(
    'cli.home-busy',
    'transient',
    'another overseer command is changing this device’s data',
    'Wait until it has ended, then run the command again.',
  );
  return lockFile(path, waitMs, busy);
}
