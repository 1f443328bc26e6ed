import { z } from 'zod';
import { commonFields } from '../common-fields.ts';
import { hashSchema, idSchema, timeSchema } from '../formats.ts';

/**
 * What a device or another node knows about a node that asks after its start: the newest trust log, and the newest head
 * of that node's own chain. It answers one nonce and says nothing to anybody else.
 */
export const headStatementSchema = z
  .looseObject({
    ...commonFields,
    fleet: hashSchema,
    /** The node that asked. */
    node: idSchema,
    /** Random for each question of that node. */
    nonce: idSchema,
    trustHead: hashSchema,
    /** The entries that trustHead is made of (LOG-8), so that the node sees what it lacks. */
    trustHeads: z.array(hashSchema).min(1).max(512),
    /** Newest head of the asking node's own chain that the signer has seen, with its number; null and 0: none. */
    nodeAuditHead: hashSchema.nullable(),
    nodeAuditSeq: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
    time: timeSchema,
    /** HOLD-6: an owner lets the node go on from this head of its own, without what it has forgotten. */
    goOn: hashSchema.nullable().optional(),
  })
  .refine((statement) => (statement.nodeAuditHead === null) === (statement.nodeAuditSeq === 0), {
    path: ['nodeAuditSeq'],
    message: 'nodeAuditSeq is 0 without a nodeAuditHead and at least 1 with one',
  });
export type HeadStatement = z.output<typeof headStatementSchema>;
