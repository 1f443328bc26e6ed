import type { z } from 'zod';
import { type Envelope, envelopeSchema } from '#shared/trust/index.ts';

/** A DSSE envelope inside a message. Only its outer shape is checked here; shared/trust opens it. */
export const envelopeField: z.ZodType<Envelope, unknown> = envelopeSchema;
