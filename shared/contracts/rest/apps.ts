import { z } from 'zod';
import { faultSchema } from '../errors/fault-schema.ts';
import { observedAppSchema } from '../link/observed.ts';
import { envelopeSchema, hashSchema, idSchema } from './primitives.ts';
import { type ProposalVerb, proposalAcceptedSchema, proposalContents } from './proposals.ts';

/** One app as the core sees it: what its documents say and what nodes report. Not an authority for signing. */
export const appSchema = z.object({
  appId: idSchema,
  name: z.string(),
  node: idSchema.nullable(),
  kind: z.enum(['app', 'ingress', 'connector', 'opening']),
  /** State that the last signed release asks for; null before the first. */
  state: z.enum(['running', 'stopped', 'removed']).nullable(),
  /** Highest release number the core holds; 0 before the first. */
  number: z.number().int(),
  urls: z.array(z.string()),
  observed: observedAppSchema.nullable(),
  /** The merged document as `fields` and `collections`: read it with shared/domain/apps parseAppView. */
  document: z.record(z.string(), z.json()).nullable(),
  clashes: z.array(z.string()),
});

export const appsResponseSchema = z.object({ apps: z.array(appSchema) });

/** POST apps: signed rows of a device, or a proposal. */
export const createAppRequestSchema = z.union([
  z.strictObject({ rows: z.array(envelopeSchema).min(1).max(256) }),
  z.strictObject({ proposal: proposalContents.create }),
]);

export const rowsAcceptedSchema = z.object({
  accepted: z.array(hashSchema),
  refused: z.array(z.object({ row: hashSchema, fault: faultSchema })),
});

export const createAppResponseSchema = z.union([rowsAcceptedSchema, proposalAcceptedSchema]);

/** GET apps/{id}/releases: every header the core holds, by node and number; `bodies` tells which bodies it holds. */
export const appReleasesResponseSchema = z.object({
  headers: z.array(envelopeSchema),
  bodies: z.record(hashSchema, z.boolean()),
});

const signedChangeSchema = z.strictObject({
  changeSet: envelopeSchema,
  headers: z.array(envelopeSchema).min(1).max(64),
});
const changeOrProposal = <V extends Exclude<ProposalVerb, 'create'>>(verb: V) =>
  z.union([signedChangeSchema, z.strictObject({ proposal: proposalContents[verb] })]);

/** POST apps/{id}/{verb}: one signed change set with its release headers, or a proposal. */
export const changeSetRequests = {
  deploy: changeOrProposal('deploy'),
  rollback: changeOrProposal('rollback'),
  stop: changeOrProposal('stop'),
  start: changeOrProposal('start'),
  remove: changeOrProposal('remove'),
} as const;

export const changeSetResponseSchema = z.union([z.object({ jobs: z.array(idSchema) }), proposalAcceptedSchema]);

export type AppSummary = z.output<typeof appSchema>;
export type AppsResponse = z.output<typeof appsResponseSchema>;
export type RowsAccepted = z.output<typeof rowsAcceptedSchema>;
export type AppReleasesResponse = z.output<typeof appReleasesResponseSchema>;
export type ChangeSetResponse = z.output<typeof changeSetResponseSchema>;
