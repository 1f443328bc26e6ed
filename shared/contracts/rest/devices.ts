import { z } from 'zod';
import { base64UrlSchema, envelopeSchema, hashSchema, idSchema, nameSchema, timeSchema } from './primitives.ts';

const nonceSchema = base64UrlSchema.length(43);
/** Random, 32 bytes: only the device that asked knows it. */
const ticketSchema = base64UrlSchema.length(43);
const kindSchema = z.enum(['desktop', 'cli', 'browser', 'automation']);

/** How far a request has come. `asked`: an approver has given its nonce; `revealed`: the new device has named its keys. */
export const deviceRequestStateSchema = z.enum(['waiting', 'asked', 'revealed', 'approved', 'refused']);

/** The approving device's half of the exchange (ENR-7). */
export const approverAnswerSchema = z.object({ approver: idSchema, nonce: nonceSchema });

/** POST devices/requests, by a device without a session. Name and kind are for the eye: the reveal counts. */
export const deviceRequestRequestSchema = z.strictObject({
  commitment: hashSchema,
  name: nameSchema,
  kind: kindSchema,
});

export const deviceRequestResponseSchema = z.object({ request: idSchema, ticket: ticketSchema, expiresAt: timeSchema });

/** POST devices/requests/wait: long poll of at most 30 s, answered at once when the state is another than `seen`. */
export const deviceWaitRequestSchema = z.strictObject({ ticket: ticketSchema, seen: deviceRequestStateSchema });

export const deviceWaitResponseSchema = z.object({
  state: deviceRequestStateSchema,
  answer: approverAnswerSchema.nullable(),
  /** Why a person refused it, in his words. */
  reason: z.string().nullable(),
  /** The trust log, once the device stands in it. */
  trust: z.array(envelopeSchema),
});

/** POST devices/requests/reveal: exact identity text and nonce, for the approver to check. */
export const deviceRevealRequestSchema = z.strictObject({
  ticket: ticketSchema,
  identity: z.string().max(8_192),
  nonce: nonceSchema,
});

export const deviceRevealResponseSchema = z.object({ state: deviceRequestStateSchema });

/** A request as devices see it. `name` and `kind` are what it says of itself, proved by nothing before the reveal. */
export const deviceRequestSchema = z.object({
  request: idSchema,
  commitment: hashSchema,
  name: nameSchema,
  kind: kindSchema,
  state: deviceRequestStateSchema,
  requestedAt: timeSchema,
  expiresAt: timeSchema,
  answer: approverAnswerSchema.nullable(),
  identity: z.string().nullable(),
  nonce: nonceSchema.nullable(),
});

/** GET devices/requests: what waits now, oldest first. */
export const deviceRequestsResponseSchema = z.object({ requests: z.array(deviceRequestSchema) });

/**
 * POST devices/requests/{id}/answer: the approver's nonce (then it waits, at most 30 s, for the reveal), or a refusal.
 * The same nonce of the same device again only waits on.
 */
export const deviceAnswerRequestSchema = z.union([
  z.strictObject({ nonce: nonceSchema }),
  z.strictObject({ refuse: z.string().max(512) }),
]);

export type DeviceRequest = z.output<typeof deviceRequestSchema>;
export type DeviceRequestState = z.output<typeof deviceRequestStateSchema>;
export type DeviceRequestResponse = z.output<typeof deviceRequestResponseSchema>;
export type DeviceWaitResponse = z.output<typeof deviceWaitResponseSchema>;
