import { z } from 'zod';
import { base64UrlSchema, emptySchema, envelopeSchema, hashSchema, timeSchema } from './primitives.ts';

/** Header of an authenticated request: `Authorization: Overseer <session>`. Never a cookie, never in a URL. */
export const SESSION_SCHEME = 'Overseer';

/** Response header with the core's audit head; a signer puts it into its next envelope as `auditHead`. */
export const AUDIT_HEAD_HEADER = 'overseer-audit-head';

export const challengeRequestSchema = emptySchema;

/** POST sessions/challenges: single use, 60 s. `fleet` is null until the core is claimed. */
export const challengeResponseSchema = z.object({
  challenge: base64UrlSchema,
  coreSpki: hashSchema,
  fleet: hashSchema.nullable(),
  expiresAt: timeSchema,
  version: z.string(),
  /** Where this core says that it listens; the claiming device puts them into genesis. */
  addresses: z.array(z.object({ host: z.string(), httpPort: z.number().int(), linkPort: z.number().int() })),
});

/** POST sessions: a session claim envelope (kind `session`) over the challenge. */
export const sessionRequestSchema = z.strictObject({ envelope: envelopeSchema });

export const sessionResponseSchema = z.object({
  session: base64UrlSchema,
  expiresAt: timeSchema,
  auditHead: hashSchema.nullable(),
});

export const ticketRequestSchema = emptySchema;

/** POST sessions/tickets: opens one WebSocket within 30 s by `?ticket=`. */
export const ticketResponseSchema = z.object({ ticket: base64UrlSchema, expiresAt: timeSchema });

export type ChallengeResponse = z.output<typeof challengeResponseSchema>;
export type SessionResponse = z.output<typeof sessionResponseSchema>;
export type TicketResponse = z.output<typeof ticketResponseSchema>;
