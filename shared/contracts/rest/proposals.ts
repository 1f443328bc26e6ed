import { z } from 'zod';
import { emptySchema, idSchema, nameSchema, timeSchema } from './primitives.ts';

export const proposalVerbSchema = z.enum(['create', 'deploy', 'rollback', 'stop', 'start', 'remove']);
export const proposalStateSchema = z.enum(['awaiting-signature', 'accepted', 'declined', 'expired']);

/** Largest proposal as JSON, in bytes: a Compose file of the largest size and what goes with it. */
export const PROPOSAL_MAX_BYTES = 384 * 1024;

const noteSchema = z.string().max(1_024).default('');

/** What somebody wishes of an app; what is left out stays as it is. Never a secret: the core reads it. */
const appChangesSchema = z.strictObject({
  compose: z.string().max(262_144).optional(),
  catalog: z
    .strictObject({
      id: z.string().max(63),
      inputs: z.record(z.string().max(63), z.string().max(4_096)).default({}),
    })
    .optional(),
  /** Service to image: another version of what runs already. */
  images: z.record(z.string().max(63), z.string().min(1).max(512)).optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), z.string().max(32_768)).optional(),
  route: z
    .strictObject({
      hostname: z.string().max(253).optional(),
      service: z.string().max(63).optional(),
      port: z.number().int().min(1).max(65_535).optional(),
      address: z.string().max(253).optional(),
      dns: z.enum(['auto', 'manual', 'off']).optional(),
      tls: z.enum(['acme', 'off']).optional(),
    })
    .optional(),
});

const createChangesSchema = appChangesSchema.extend({ name: nameSchema, node: idSchema.optional() });
const rollbackChangesSchema = z.strictObject({ to: z.number().int().min(1).optional() });

const content = <T extends z.ZodType>(changes: T) => z.strictObject({ note: noteSchema, changes });

/** What a proposal of each verb says. */
export const proposalContents = {
  create: content(createChangesSchema),
  deploy: content(appChangesSchema.prefault({})),
  rollback: content(rollbackChangesSchema.prefault({})),
  stop: content(emptySchema.prefault({})),
  start: content(emptySchema.prefault({})),
  remove: content(emptySchema.prefault({})),
} as const satisfies Record<z.output<typeof proposalVerbSchema>, z.ZodType>;

const aboutSchema = z.object({
  id: idSchema,
  state: proposalStateSchema,
  /** Who asks, as far as the core says: a proposal is not signed. */
  by: z.object({ kind: z.enum(['device', 'token']), id: idSchema, name: z.string() }),
  createdAt: timeSchema,
  expiresAt: timeSchema,
  /** The device that accepted or declined it, and when; null until then. */
  settled: z.object({ by: idSchema, at: timeSchema, reason: z.string() }).nullable(),
  /** The signed change that it became. */
  changeSet: idSchema.nullable(),
  jobs: z.array(idSchema),
});

/** The app; null for `create` until it is accepted. */
const appId = idSchema.nullable();
const of = <V extends keyof typeof proposalContents>(verb: V) =>
  aboutSchema.extend({ verb: z.literal(verb), appId, content: proposalContents[verb] });

/** An unsigned wish. A trusted device accepts it by signing what it asks for, or declines it. */
export const proposalSchema = z.discriminatedUnion('verb', [
  of('create'),
  of('deploy'),
  of('rollback'),
  of('stop'),
  of('start'),
  of('remove'),
]);

export const proposalsQuerySchema = z.strictObject({ state: proposalStateSchema.optional() });

/** GET proposals: oldest first. */
export const proposalsResponseSchema = z.object({ proposals: z.array(proposalSchema) });

/** 202 to a write without an envelope. */
export const proposalAcceptedSchema = z.object({
  proposal: z.object({ id: idSchema, state: z.literal('awaiting-signature'), expiresAt: timeSchema }),
});

export const declineProposalRequestSchema = z.strictObject({ reason: z.string().max(512).default('') });

export type Proposal = z.output<typeof proposalSchema>;
export type ProposalState = Proposal['state'];
export type ProposalVerb = z.output<typeof proposalVerbSchema>;
export type ProposalContent<V extends ProposalVerb = ProposalVerb> = Extract<Proposal, { verb: V }>['content'];
export type AppChanges = z.output<typeof appChangesSchema>;
