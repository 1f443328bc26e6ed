import { z } from 'zod';
import { faultSchema } from '../errors/fault-schema.ts';
import { stepNameSchema, stepStateSchema } from '../link/messages.ts';
import { emptySchema, hashSchema, idSchema, timeSchema } from './primitives.ts';

export const jobStateSchema = z.enum(['queued', 'running', 'failed', 'done', 'cancelled']);
export const jobOutcomeSchema = z.enum(['succeeded', 'failed', 'rolled-back', 'refused', 'superseded']);
export const changeSetVerbSchema = z.enum([
  'deploy',
  'rollback',
  'stop',
  'start',
  'remove',
  'ingress',
  'connector',
  'opening',
]);

export const jobStepSchema = z.object({
  name: stepNameSchema,
  state: stepStateSchema,
  at: timeSchema,
  text: z.string(),
});

export const jobSchema = z.object({
  id: idSchema,
  changeSet: idSchema,
  appId: idSchema,
  appName: z.string(),
  node: idSchema,
  header: hashSchema,
  number: z.number().int(),
  verb: changeSetVerbSchema,
  state: jobStateSchema,
  outcome: jobOutcomeSchema.nullable(),
  /** How long the app did not serve because of this job, in milliseconds. */
  awayMs: z.number().int().nullable(),
  fault: faultSchema.nullable(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  steps: z.array(jobStepSchema),
});

export const jobsQuerySchema = z.strictObject({
  state: jobStateSchema.optional(),
  appId: idSchema.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});

/** GET jobs: newest first, at most `limit` (100). */
export const jobsResponseSchema = z.object({ jobs: z.array(jobSchema) });

export const jobActionRequestSchema = emptySchema;

export type Job = z.output<typeof jobSchema>;
export type JobStep = z.output<typeof jobStepSchema>;
export type JobState = z.output<typeof jobStateSchema>;
export type JobOutcome = z.output<typeof jobOutcomeSchema>;
export type ChangeSetVerb = z.output<typeof changeSetVerbSchema>;
export type JobsResponse = z.output<typeof jobsResponseSchema>;
