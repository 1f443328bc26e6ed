import type { z } from 'zod';
import { nodeAuditSchema } from '../audit/entries.ts';
import { commandSchema } from '../commands/command.ts';
import { commonPayloadSchema } from '../common-fields.ts';
import { headStatementSchema } from '../holding/statement.ts';
import { trustPayloadSchema } from '../log/entries.ts';
import { changeSetSchema } from '../releases/change-set.ts';
import { releaseHeaderSchema } from '../releases/header.ts';
import { sessionClaimSchema } from '../sessions/claim.ts';
import { tokenOrderSchema } from '../tokens/token-order.ts';

const KIB = 1024;

/** ENV-2, ENV-5: every payload kind with the schema that reads it and the size its payload may have, in bytes. */
export const envelopeKinds = {
  trust: { schema: trustPayloadSchema, maxBytes: 64 * KIB },
  release: { schema: releaseHeaderSchema, maxBytes: 16 * KIB },
  changeset: { schema: changeSetSchema, maxBytes: 64 * KIB },
  command: { schema: commandSchema, maxBytes: 64 * KIB },
  /** Read further by shared/replica. */
  row: { schema: commonPayloadSchema, maxBytes: 1024 * KIB },
  session: { schema: sessionClaimSchema, maxBytes: 4 * KIB },
  token: { schema: tokenOrderSchema, maxBytes: 16 * KIB },
  /** Read further by the link contract. */
  report: { schema: commonPayloadSchema, maxBytes: 1024 * KIB },
  'node-audit': { schema: nodeAuditSchema, maxBytes: 64 * KIB },
  /** HOLD-2: an answer to a node that holds. */
  statement: { schema: headStatementSchema, maxBytes: 64 * KIB },
  enrol: { schema: commonPayloadSchema, maxBytes: 64 * KIB },
} as const;

export type EnvelopeKind = keyof typeof envelopeKinds;
export type PayloadOf<K extends EnvelopeKind> = z.output<(typeof envelopeKinds)[K]['schema']>;

/** `application/vnd.overseer.<kind>+json;v=1`. */
export function payloadTypeOf(kind: EnvelopeKind): string {
  return `application/vnd.overseer.${kind}+json;v=1`;
}
