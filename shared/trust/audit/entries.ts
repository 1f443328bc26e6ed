import { z } from 'zod';
import { commonFields } from '../common-fields.ts';
import { envelopeSchema } from '../envelopes/envelope.ts';
import { countSchema, hashSchema, timeSchema, wordSchema } from '../formats.ts';

const textMap = z.record(z.string().min(1).max(64), z.string().max(2_048));
const faultCode = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/);

/** Who did it, as far as the core can prove: the id is a keyId, a token's id, or `core` / `setup`. */
export const auditActorSchema = z.looseObject({
  kind: z.enum(['device', 'node', 'core', 'setup', 'token']),
  id: z.string().min(1).max(128),
});

/** One link of the core's chain. Its exact text is kept; the hash of that text is the next entry's `prev`. */
export const coreAuditEntrySchema = z.looseObject({
  v: z.literal(1),
  /** Empty before the fleet exists. */
  fleet: z.union([hashSchema, z.literal('')]),
  seq: countSchema,
  prev: hashSchema.nullable(),
  at: timeSchema,
  actor: auditActorSchema,
  action: z.string().min(1).max(96),
  subject: textMap,
  envelope: envelopeSchema.nullable(),
  outcome: z.enum(['accepted', 'refused']),
  fault: faultCode.nullable(),
});
export type CoreAuditEntry = z.output<typeof coreAuditEntrySchema>;

/** One link of a node's own chain, signed by the node. `prev` is the itemHash of the entry before. */
export const nodeAuditSchema = z.looseObject({
  ...commonFields,
  fleet: hashSchema,
  seq: countSchema,
  prev: hashSchema.nullable(),
  at: timeSchema,
  action: wordSchema,
  subject: textMap,
  /** itemHash of the release or command that this is about. */
  order: hashSchema.nullable(),
  detail: textMap,
});
export type NodeAuditEntry = z.output<typeof nodeAuditSchema>;
