import { z } from 'zod';
import { faultSchema } from '../errors/fault-schema.ts';
import { envelopeSchema, hashSchema } from './primitives.ts';

/** POST commands and POST integrations/cloudflare/test: a signed command (kind `command`) for an online node. */
export const commandRequestSchema = z.strictObject({ envelope: envelopeSchema });
export const namedCommandRequestSchema = z.strictObject({ command: envelopeSchema });

/** The node's answer; `hello` and `frames` (base64) are sealed to the command's replyKey. */
export const commandResponseSchema = z.object({
  ok: z.boolean(),
  fault: faultSchema.nullable(),
  hello: z.string().nullable(),
  frames: z.array(z.string()),
});

/** POST apps/{id}/logs: the id of a stream to open by WebSocket within 30 s. It is the command's item hash. */
export const streamResponseSchema = z.object({ stream: hashSchema });

/** GET apps/{id}/logs: how many lines from the end of each service, and whether to go on reading. */
export const logsQuerySchema = z.strictObject({
  tail: z.coerce.number().int().min(0).max(10_000).default(200),
  follow: z.enum(['true', 'false']).default('false'),
  service: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,63}$/)
    .optional(),
});
export type LogsQuery = z.output<typeof logsQuerySchema>;

/** WebSocket subprotocol of GET streams/{stream}. */
export const STREAM_PROTOCOL = 'overseer.stream.v1';

export const coreToStreamSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('frame'), data: z.string() }),
  z.object({
    type: z.literal('result'),
    ok: z.boolean(),
    fault: faultSchema.nullable(),
    hello: z.string().nullable(),
  }),
]);

export const streamToCoreSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('credit'), frames: z.number().int().min(0).max(1_024) }),
  z.strictObject({ type: z.literal('cancel') }),
]);

export type CommandResponse = z.output<typeof commandResponseSchema>;
export type StreamResponse = z.output<typeof streamResponseSchema>;
export type CoreToStream = z.output<typeof coreToStreamSchema>;
export type StreamToCore = z.output<typeof streamToCoreSchema>;
