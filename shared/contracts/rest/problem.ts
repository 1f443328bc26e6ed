import { z } from 'zod';

/** Media type of every refusal (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A refusal as RFC 9457 problem details: `detail` is the fault's message, `next` says what to do. */
export const problemSchema = z.looseObject({
  type: z.string().max(256),
  title: z.string().max(256),
  status: z.number().int(),
  detail: z.string().max(4_096),
  code: z.string().max(64),
  kind: z.enum(['transient', 'denied', 'conflict', 'permanent']),
  next: z.string().max(2_048),
  field: z.string().max(256).optional(),
  /** The fault's own details, for instance the floor of a release that came too late. */
  facts: z.record(z.string(), z.string()).optional(),
});

export type Problem = z.output<typeof problemSchema>;
