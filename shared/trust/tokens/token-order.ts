import { z } from 'zod';
import { commonFields } from '../common-fields.ts';
import { hashSchema, idSchema, nameSchema, timeSchema } from '../formats.ts';

/** What an API token can be made for: to look, and to propose what a device then signs or does not. */
export const apiTokenVerbSchema = z.enum(['read', 'create', 'deploy', 'rollback', 'stop', 'start', 'remove']);

/** What a token is for. What is left out of `nodes` and `apps` is no limit. */
export const apiTokenSchema = z.looseObject({
  name: nameSchema,
  /** hex SHA-256 of its secret: who reads this can not use it. */
  secretHash: hashSchema,
  verbs: z.array(apiTokenVerbSchema).min(1).max(16),
  nodes: z.array(idSchema).min(1).max(64).optional(),
  apps: z.array(idSchema).min(1).max(64).optional(),
  expiresAt: timeSchema,
});

/** TOK-1: an owner's order to the core about one API token. `token: null` ends it. */
export const tokenOrderSchema = z.looseObject({
  ...commonFields,
  fleet: hashSchema,
  tokenId: idSchema,
  token: apiTokenSchema.nullable(),
  issuedAt: timeSchema,
});

export type ApiToken = z.output<typeof apiTokenSchema>;
export type ApiTokenVerb = z.output<typeof apiTokenVerbSchema>;
export type TokenOrder = z.output<typeof tokenOrderSchema>;
