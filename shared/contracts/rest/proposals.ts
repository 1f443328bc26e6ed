import { z } from 'zod';
import { idSchema, timeSchema } from './primitives.ts';

export const proposalVerbSchema = z.enum(['create', 'deploy', 'rollback', 'stop', 'start', 'remove']);

/** An unsigned wish. A trusted device accepts it by signing what it asks for, or declines it. */
export const proposalContentSchema = z.strictObject({
  note: z.string().max(1_024).default(''),
  changes: z.record(z.string().max(128), z.json()).default({}),
});

export const proposalSchema = z.object({
  id: idSchema,
  state: z.enum(['awaiting-signature', 'accepted', 'declined', 'expired']),
  verb: proposalVerbSchema,
  appId: idSchema.nullable(),
  content: proposalContentSchema,
  by: z.string(),
  createdAt: timeSchema,
});

export const proposalsResponseSchema = z.object({ proposals: z.array(proposalSchema) });

/** 202 to a write without an envelope. */
export const proposalAcceptedSchema = z.object({
  proposal: z.object({ id: idSchema, state: z.literal('awaiting-signature') }),
});

export type Proposal = z.output<typeof proposalSchema>;
export type ProposalContent = z.output<typeof proposalContentSchema>;
export type ProposalVerb = z.output<typeof proposalVerbSchema>;
