import { z } from 'zod';
import { commonFields } from '../common-fields.ts';
import { countSchema, hashSchema, idSchema, timeSchema } from '../formats.ts';

export const changeVerbSchema = z.enum([
  'deploy',
  'rollback',
  'stop',
  'start',
  'remove',
  'ingress',
  'connector',
  'opening',
]);

/** The releases of one confirmed change, signed together so that the core can not split or mix them. */
export const changeSetSchema = z.looseObject({
  ...commonFields,
  fleet: hashSchema,
  changeSetId: idSchema,
  verb: changeVerbSchema,
  releases: z
    .array(z.looseObject({ header: hashSchema, appId: idSchema, node: idSchema, number: countSchema }))
    .min(1)
    .max(256)
    .refine((list) => new Set(list.map((item) => item.header)).size === list.length, 'each header stands once'),
  /** hex SHA-256 of the plan the person confirmed. */
  planHash: hashSchema,
  issuedAt: timeSchema,
  /** The proposal that this answers. */
  proposal: idSchema.optional(),
});
export type ChangeSet = z.output<typeof changeSetSchema>;
export type ChangeVerb = z.output<typeof changeVerbSchema>;
