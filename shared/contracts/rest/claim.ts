import { z } from 'zod';
import { base64UrlSchema, envelopeSchema, hashSchema } from './primitives.ts';

/** POST claim: the secret part of the setup code and the fleet's first trust entry. Works once. */
export const claimRequestSchema = z.strictObject({ secret: base64UrlSchema.max(128), genesis: envelopeSchema });

export const claimResponseSchema = z.object({ fleet: hashSchema });

export type ClaimRequest = z.output<typeof claimRequestSchema>;
export type ClaimResponse = z.output<typeof claimResponseSchema>;
