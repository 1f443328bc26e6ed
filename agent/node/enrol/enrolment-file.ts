import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readTextIfPresent, writeDurableFile } from '#shared/node/durable-file.ts';

/**
 * What a join in progress must not lose: the exact request that the core may already hold. Written before the first
 * byte goes out, removed once joined, so that `join` goes on after kill -9 at any point.
 */
const fileSchema = z.looseObject({
  v: z.literal(1),
  admit: z.string(),
  request: z.string(),
  mac: z.string(),
  genesis: z.string(),
  expiresAt: z.string(),
});

export type PendingEnrolment = z.output<typeof fileSchema>;

/** The join in progress, or undefined: none, or a file that a crash of an older version left unreadable. */
export function readPendingEnrolment(dataDir: string): PendingEnrolment | undefined {
  const text = readTextIfPresent(pathOf(dataDir));
  if (text === undefined) return undefined;
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Durable when it returns; mode 0600, since `mac` and `admit` are worth a token. */
export function writePendingEnrolment(dataDir: string, pending: PendingEnrolment): void {
  writeDurableFile(pathOf(dataDir), `${JSON.stringify(pending)}\n`);
}

/** Forgets the token once the node has joined or must start over. */
export function removePendingEnrolment(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true });
}

function pathOf(dataDir: string): string {
  return join(dataDir, 'enrolment.json');
}
