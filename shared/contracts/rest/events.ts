import { z } from 'zod';
import { deviceRequestSchema } from './devices.ts';
import { enrolmentSchema } from './enrolments.ts';
import { jobSchema, jobStepSchema } from './jobs.ts';
import { nodeStatusSchema } from './nodes.ts';
import { idSchema } from './primitives.ts';
import { proposalSchema } from './proposals.ts';

/**
 * GET events (SSE). `id:` is an increasing integer, `event:` the type, `data:` the JSON of `data`.
 * After `resync` the reader reads the lists again: what it missed is no longer held.
 */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), data: jobSchema }),
  z.object({ type: z.literal('step'), data: z.object({ job: idSchema, step: jobStepSchema }) }),
  z.object({
    type: z.literal('node'),
    data: z.object({ nodeId: idSchema, name: z.string(), status: nodeStatusSchema }),
  }),
  z.object({ type: z.literal('enrolment'), data: enrolmentSchema }),
  z.object({ type: z.literal('device-request'), data: deviceRequestSchema }),
  z.object({ type: z.literal('proposal'), data: proposalSchema }),
  z.object({ type: z.literal('app'), data: z.object({ appId: idSchema }) }),
  z.object({ type: z.literal('resync'), data: z.object({}) }),
]);

export type CoreEvent = z.output<typeof eventSchema>;
