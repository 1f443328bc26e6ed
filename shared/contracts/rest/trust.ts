import { z } from 'zod';
import { envelopeSchema, hashSchema } from './primitives.ts';

/** GET trust: the whole log in causal order. */
export const trustResponseSchema = z.object({ entries: z.array(envelopeSchema) });

/** POST trust: entries that verify and extend the log; known ones are taken again without effect. */
export const trustRequestSchema = z.strictObject({ entries: z.array(envelopeSchema).min(1).max(1_000) });

/** POST trust/presented: few, because anybody may send them. */
export const trustPresentedSchema = z.strictObject({ entries: z.array(envelopeSchema).min(1).max(8) });

export const trustHeadsResponseSchema = z.object({ heads: z.array(hashSchema) });

export type TrustResponse = z.output<typeof trustResponseSchema>;
export type TrustHeadsResponse = z.output<typeof trustHeadsResponseSchema>;
