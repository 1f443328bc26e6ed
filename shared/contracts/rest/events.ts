import { z } from 'zod';
import { nodeHoldSchema } from '../link/messages.ts';
import { nodeFactsSchema, observedAppSchema } from '../link/observed.ts';
import { deviceRequestSchema } from './devices.ts';
import { enrolmentSchema } from './enrolments.ts';
import { jobSchema, jobStepSchema } from './jobs.ts';
import { nodeStatusSchema } from './nodes.ts';
import { idSchema, timeSchema } from './primitives.ts';
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
    data: z.object({
      nodeId: idSchema,
      name: z.string(),
      status: nodeStatusSchema,
      hold: nodeHoldSchema.nullable().default(null),
    }),
  }),
  z.object({ type: z.literal('enrolment'), data: enrolmentSchema }),
  z.object({ type: z.literal('device-request'), data: deviceRequestSchema }),
  z.object({ type: z.literal('proposal'), data: proposalSchema }),
  z.object({
    type: z.literal('app'),
    data: z.object({
      appId: idSchema,
      /** What its node reports now; absent when only its documents changed. */
      report: z.object({ node: idSchema, seenAt: timeSchema, app: observedAppSchema }).optional(),
    }),
  }),
  /** A sign of life of a node with its load. It carries no id of its own and is not held for those who come later. */
  z.object({
    type: z.literal('facts'),
    data: z.object({ nodeId: idSchema, seenAt: timeSchema, facts: nodeFactsSchema }),
  }),
  z.object({ type: z.literal('resync'), data: z.object({}) }),
]);

export type CoreEvent = z.output<typeof eventSchema>;
