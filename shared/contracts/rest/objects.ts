import { z } from 'zod';
import { hashSchema } from './primitives.ts';

/** Largest object, in bytes. */
export const OBJECT_MAX_BYTES = 4 * 1024 * 1024;

/** PUT objects/{hash}: the body is the octets whose SHA-256 the path names. */
export const objectStoredResponseSchema = z.object({ hash: hashSchema, sizeBytes: z.number().int() });

/** POST objects/missing: which of these the core does not hold, so that a device uploads only those. */
export const objectsMissingRequestSchema = z.strictObject({ hashes: z.array(hashSchema).max(2_048) });

export const objectsMissingResponseSchema = z.object({ missing: z.array(hashSchema) });

export type ObjectsMissingResponse = z.output<typeof objectsMissingResponseSchema>;
