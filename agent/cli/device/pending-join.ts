import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { type Home, writePrivateFile } from './home.ts';

const pendingJoinSchema = z.object({
  v: z.literal(1),
  fleet: z.string(),
  coreSpki: z.string(),
  answer: z.object({ approver: z.string(), nonce: z.string() }),
});

/**
 * A join whose code was shown: it holds no secret, and lets a device that was cut off before it heard of its approval
 * take the log that names it.
 */
export type PendingJoin = Omit<z.output<typeof pendingJoinSchema>, 'v'>;

/** The join that was begun in this home, if any. */
export function readPendingJoin(home: Home): PendingJoin | undefined {
  if (!existsSync(home.joinFile)) return undefined;
  const parsed = pendingJoinSchema.safeParse(JSON.parse(readFileSync(home.joinFile, 'utf8')));
  return parsed.success ? parsed.data : undefined;
}

/** Keeps the join durably before its code is shown. */
export function writePendingJoin(home: Home, join: PendingJoin): void {
  writePrivateFile(home.joinFile, JSON.stringify({ v: 1, ...join }));
}

/** Forgets the join once it is done. */
export function dropPendingJoin(home: Home): void {
  rmSync(home.joinFile, { force: true });
}
