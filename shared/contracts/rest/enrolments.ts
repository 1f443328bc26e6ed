import { z } from 'zod';
import { base64UrlSchema, envelopeSchema, hashSchema, idSchema, nameSchema, timeSchema } from './primitives.ts';

/** POST nodes: registers the hash of a token's `admit` part. The core never learns `bind`. */
export const registerTokenRequestSchema = z.strictObject({
  admitHash: hashSchema,
  expiresAt: timeSchema,
  name: nameSchema.optional(),
});

export const registerTokenResponseSchema = z.object({ enrolment: idSchema, expiresAt: timeSchema });

/** POST enrolments, by a node without a session: exact request text and its MAC under `bind`, for the device to check. */
export const enrolmentRequestSchema = z.strictObject({
  admit: base64UrlSchema.max(128),
  request: z.string().max(16_384),
  mac: base64UrlSchema.max(128),
});

export const enrolmentResponseSchema = z.object({ enrolment: idSchema });

/** POST enrolments/wait: long poll of at most 30 s. */
export const enrolmentWaitRequestSchema = z.strictObject({ admit: base64UrlSchema.max(128) });

export const enrolmentWaitResponseSchema = z.object({
  status: z.enum(['waiting', 'joined', 'refused']),
  trust: z.array(envelopeSchema),
});

/** GET enrolments: what waits for the owner's device. `request` and `mac` are null until a node has come. */
export const enrolmentSchema = z.object({
  enrolment: idSchema,
  admitHash: hashSchema,
  name: nameSchema.nullable(),
  state: z.enum(['open', 'requested', 'joined', 'refused', 'expired']),
  expiresAt: timeSchema,
  request: z.string().nullable(),
  mac: z.string().nullable(),
  requestedAt: timeSchema.nullable(),
  /** How often somebody else tried the same token after the first: more than 0 is an alert. */
  lostRaces: z.number().int(),
});

export const enrolmentsResponseSchema = z.object({ enrolments: z.array(enrolmentSchema) });

/** POST enrolments/{enrolment}/refuse: the device found a MAC that does not fit. */
export const enrolmentRefuseRequestSchema = z.strictObject({ reason: z.string().max(512) });

export const enrolmentRefuseResponseSchema = z.object({ state: z.literal('refused') });

export type Enrolment = z.output<typeof enrolmentSchema>;
export type RegisterTokenResponse = z.output<typeof registerTokenResponseSchema>;
export type EnrolmentWaitResponse = z.output<typeof enrolmentWaitResponseSchema>;
