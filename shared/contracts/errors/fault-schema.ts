import { z } from 'zod';

/** A Fault that crossed a wire. */
export const faultSchema = z.object({
  code: z
    .string()
    .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/)
    .max(64),
  kind: z.enum(['transient', 'denied', 'conflict', 'permanent']),
  message: z.string().max(4_096),
  next: z.string().max(2_048),
  field: z.string().max(256).optional(),
  detail: z.record(z.string(), z.string()).optional(),
});
