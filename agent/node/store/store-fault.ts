import { type Fault, fault } from '#shared/kernel/index.ts';

/**
 * What a write that the node's own disk refused means for people: `node.disk-full`, or undefined for any other cause.
 * Nothing of that write is stored.
 */
export function storeFault(cause: unknown, folder: string): Fault | undefined {
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (code !== 'SQLITE_FULL' && code !== 'SQLITE_IOERR_SHMSIZE' && code !== 'ENOSPC') return undefined;
  return fault(
    'node.disk-full',
    'transient',
    `The node's disk is full: nothing more can be written down in ${folder}.`,
    'Free space on that disk (docker image prune, old files); the node tries again by itself.',
  );
}
