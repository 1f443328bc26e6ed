import { z } from 'zod';
import { envelopeSchema, hashSchema, timeSchema } from './primitives.ts';

export const auditQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(-1).optional(),
  before: z.coerce.number().int().min(0).optional(),
  order: z.enum(['oldest', 'newest']).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});

/** One entry of the core's hash chain, as a view. The exact bytes come with GET audit/export. */
export const auditEntrySchema = z.object({
  seq: z.number().int(),
  hash: hashSchema,
  at: timeSchema,
  actor: z.object({ kind: z.enum(['device', 'node', 'core', 'setup', 'token']), id: z.string() }),
  action: z.string(),
  subject: z.record(z.string(), z.string()),
  outcome: z.enum(['accepted', 'refused']),
  fault: z.string().nullable(),
  envelope: envelopeSchema.nullable(),
});

/** GET audit: entries after `after` (default: from the start) and before `before`, oldest first or newest first. */
export const auditResponseSchema = z.object({ head: hashSchema.nullable(), entries: z.array(auditEntrySchema) });

/**
 * GET audit/from/{hash}: exact texts of entries, oldest first, beginning with the one of that hash; none when it is not in
 * the chain. Their hashes and `prev` prove that what lies between two heads is one chain.
 */
export const auditTraceQuerySchema = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).optional() });
export const auditTraceResponseSchema = z.object({ entries: z.array(z.string()).max(500) });

export type AuditTraceResponse = z.output<typeof auditTraceResponseSchema>;
export type AuditQuery = z.output<typeof auditQuerySchema>;
export type AuditEntryView = z.output<typeof auditEntrySchema>;
export type AuditResponse = z.output<typeof auditResponseSchema>;
