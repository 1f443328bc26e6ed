import { z } from 'zod';

/** DSSE v1.0.2. One signature today; the list stays a list because the specification says so. */
export const envelopeSchema = z.object({
  payloadType: z.string().min(1).max(128),
  payload: z.string(),
  signatures: z.array(z.object({ keyid: z.string().max(64), sig: z.string().max(128) })).length(1),
});

/** A signed payload as it travels. Treat it as a value: what was signed never changes. */
export type Envelope = z.output<typeof envelopeSchema>;
