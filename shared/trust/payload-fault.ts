import type { z } from 'zod';
import { type Fault, fault } from '#shared/kernel/index.ts';

/** Names the first field that a schema refused, for a person. */
export function describeIssue(error: z.ZodError): { field: string; message: string } {
  const issue = error.issues[0];
  const field = issue?.path.join('.') ?? '';
  return { field: field || '(whole)', message: issue?.message ?? 'does not fit' };
}

/** A payload that its signer should not have signed. */
export function badPayload(what: string, field: string, why: string): Fault {
  return fault(
    'trust.bad-payload',
    'denied',
    `the ${what} payload is refused: ${field}: ${why}`,
    'sign it again with a current version of Overseer',
    { field },
  );
}
