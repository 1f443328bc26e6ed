import { z } from 'zod';

/** GET /healthz: the process answers. */
export const healthSchema = z.object({ status: z.literal('ok'), version: z.string() });

/** GET /readyz: 200 with `ready`, or 503 with `failing` and the faults that keep the core from acknowledging writes. */
export const readinessSchema = z.object({
  status: z.enum(['ready', 'failing']),
  claimed: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), text: z.string() })),
});

export type Readiness = z.output<typeof readinessSchema>;
