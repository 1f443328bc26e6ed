import { z } from 'zod';
import { faultSchema } from '../errors/fault-schema.ts';
import { calls } from './calls.ts';
import { viewDocumentNameSchema } from './documents.ts';
import { topics } from './topics.ts';

/** Raised with every change of these messages that an older end would misread. Both ends come from one build. */
export const BRIDGE_VERSION = 1;

const id = z.number().int().min(1);
const callName = z.enum(Object.keys(calls) as [keyof typeof calls]);
const topicName = z.enum(Object.keys(topics) as [keyof typeof topics]);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes');

/** What a screen sends to its replica host. `id` numbers calls, subscriptions and document connections alike. */
export const screenToHostSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id, name: callName, input: z.unknown() }),
  z.strictObject({ type: z.literal('subscribe'), id, topic: topicName, params: z.unknown() }),
  z.strictObject({ type: z.literal('unsubscribe'), id }),
  /** Streams only: the reader took this many messages. */
  z.strictObject({ type: z.literal('credit'), id, messages: z.number().int().min(1).max(1_000) }),
  z.strictObject({ type: z.literal('open'), id, document: viewDocumentNameSchema }),
  z.strictObject({ type: z.literal('data'), id, bytes }),
  z.strictObject({ type: z.literal('close'), id }),
  /** The page goes away: everything it opened ends. */
  z.strictObject({ type: z.literal('bye') }),
]);

/** What the host sends. */
export const hostToScreenSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), version: z.literal(BRIDGE_VERSION) }),
  z.strictObject({
    type: z.literal('answer'),
    id,
    result: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), value: z.unknown() }),
      z.object({ ok: z.literal(false), error: faultSchema }),
    ]),
  }),
  z.strictObject({ type: z.literal('message'), id, message: z.unknown() }),
  /** The subscription is over; `fault` null when the source ended by itself. */
  z.strictObject({ type: z.literal('end'), id, fault: faultSchema.nullable() }),
  z.strictObject({ type: z.literal('opened'), id }),
  z.strictObject({ type: z.literal('data'), id, bytes }),
  z.strictObject({ type: z.literal('closed'), id, code: z.number().int(), reason: z.string() }),
]);

export type ScreenToHost = z.output<typeof screenToHostSchema>;
export type HostToScreen = z.output<typeof hostToScreenSchema>;
