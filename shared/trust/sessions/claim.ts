import { z } from 'zod';
import { commonFields } from '../common-fields.ts';
import { hashSchema, timeSchema } from '../formats.ts';

/** A device's answer to the core's fresh challenge. Binding to the core's key stops a relay to another core. */
export const sessionClaimSchema = z.looseObject({
  ...commonFields,
  fleet: hashSchema,
  coreSpki: hashSchema,
  challenge: z.string().min(22).max(128),
  expiresAt: timeSchema,
});
export type SessionClaim = z.output<typeof sessionClaimSchema>;
