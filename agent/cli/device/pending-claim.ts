import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import type { PendingClaim } from '#shared/device/index.ts';
import { envelopeSchema } from '#shared/trust/index.ts';
import { type Home, writePrivateFile } from './home.ts';

const pendingClaimSchema = z.object({
  v: z.literal(1),
  genesis: envelopeSchema,
  fleet: z.string(),
  coreSpki: z.string(),
  /** Whether the person holds the recovery words: only then may this genesis be sent. */
  wordsKept: z.boolean(),
});

/** The claim that was begun in this home, if any. */
export function readPendingClaim(home: Home): PendingClaim | undefined {
  if (!existsSync(home.claimFile)) return undefined;
  const parsed = pendingClaimSchema.safeParse(JSON.parse(readFileSync(home.claimFile, 'utf8')));
  return parsed.success ? parsed.data : undefined;
}

/** Keeps the claim durably before its next step. */
export function writePendingClaim(home: Home, claim: PendingClaim): void {
  writePrivateFile(home.claimFile, JSON.stringify({ v: 1, ...claim }));
}

/** Forgets the claim once it is done. */
export function dropPendingClaim(home: Home): void {
  rmSync(home.claimFile, { force: true });
}
