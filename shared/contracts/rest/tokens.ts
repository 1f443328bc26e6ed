import { z } from 'zod';
import { envelopeSchema, idSchema, timeSchema } from './primitives.ts';

/** In the header `Authorization`, before the text of an API token. */
export const TOKEN_SCHEME = 'Bearer';

/** `expired` by its time, `revoked` by an owner, `orphaned` when the device that made it is no owner's any more. */
export const tokenStateSchema = z.enum(['active', 'expired', 'revoked', 'orphaned']);

/** One API token as the core keeps it: never its secret. A device trusts `order`, not what stands beside it. */
export const tokenViewSchema = z.object({
  tokenId: idSchema,
  state: tokenStateSchema,
  name: z.string(),
  verbs: z.array(z.enum(['read', 'create', 'deploy', 'rollback', 'stop', 'start', 'remove'])),
  /** null: no limit. */
  nodes: z.array(idSchema).nullable(),
  apps: z.array(idSchema).nullable(),
  expiresAt: timeSchema,
  createdAt: timeSchema,
  /** Device that signed it. */
  by: idSchema,
  /** Last use since the core started. */
  lastUsedAt: timeSchema.nullable(),
  /** The signed order that made it. */
  order: envelopeSchema,
});

/** POST tokens and POST tokens/{id}/revoke: an owner's signed order. */
export const tokenOrderRequestSchema = z.strictObject({ order: envelopeSchema });

export const tokensResponseSchema = z.object({ tokens: z.array(tokenViewSchema) });

export type TokenView = z.output<typeof tokenViewSchema>;
export type TokenState = TokenView['state'];
