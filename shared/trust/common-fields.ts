import { z } from 'zod';
import { hashSchema, idSchema, wordSchema } from './formats.ts';

/** ENV-7: every signed payload begins with these. `fleet` is empty only in the genesis itself. */
export const commonFields = {
  fleet: z.union([hashSchema, z.literal('')]),
  signer: idSchema,
  /** Features a reader must know to understand this payload. */
  requires: z.array(wordSchema).max(32),
  /** Head of the trust log that the signer had seen. */
  trustHead: hashSchema.nullable(),
  /** Last head of the core's audit chain that the signer had seen. */
  auditHead: hashSchema.nullable(),
  /** By a node: head of its own audit chain. By a device: newest head that it saw of the node that the payload names. */
  nodeAuditHead: hashSchema.nullable().optional(),
};

/** A payload of which only the common fields are known here. */
export const commonPayloadSchema = z.looseObject(commonFields);
export type CommonPayload = z.output<typeof commonPayloadSchema>;
