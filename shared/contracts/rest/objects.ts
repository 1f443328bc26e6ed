import { z } from 'zod';
import { hashSchema } from './primitives.ts';

/** Largest object, in bytes: as base64 it fits one frame of the link. */
export const OBJECT_MAX_BYTES = 3_000_000;

/** PUT objects/{hash}: the body is the octets whose SHA-256 the path names. */
export const objectStoredResponseSchema = z.object({ hash: hashSchema, sizeBytes: z.number().int() });

/** POST objects/missing: which of these the core does not hold, so that a device uploads only those. */
export const objectsMissingRequestSchema = z.strictObject({ hashes: z.array(hashSchema).max(2_048) });

export const objectsMissingResponseSchema = z.object({ missing: z.array(hashSchema) });

export type ObjectsMissingResponse = z.output<typeof objectsMissingResponseSchema>;
