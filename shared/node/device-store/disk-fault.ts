import { type Fault, fault } from '#shared/kernel/index.ts';

/** What it means for people that SQLite could not read or write the replica; undefined for any other cause. */
export function diskFault(cause: unknown): Fault | undefined {
  const code = String((cause as { code?: unknown } | undefined)?.code);
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return fault(
      'device.bad-replica',
      'permanent',
      `the local replica is damaged: ${text}`,
      'Nothing of it was used. Put both files of OVERSEER_HOME back from one backup, or claim this machine anew as a further device.',
    );
  }
  if (!/^(SQLITE_(FULL|IOERR|READONLY|CANTOPEN)|ENOSPC|EROFS|EIO)/.test(code)) return undefined;
  return fault(
    'disk.not-writable',
    'permanent',
    `the disk of this device does not take the edit (${code}: ${text}); nothing was saved`,
    'Free space when the disk is full; mount it for writing when it is read-only. Then run the command again.',
  );
}
