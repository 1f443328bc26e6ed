import { z } from 'zod';
import { commonFields } from '../common-fields.ts';
import { countSchema, hashSchema, idSchema, timeSchema } from '../formats.ts';

/** The signed header of a release: it names the exact body by hash and the header before it. */
export const releaseHeaderSchema = z
  .looseObject({
    ...commonFields,
    fleet: hashSchema,
    appId: idSchema,
    node: idSchema,
    number: countSchema,
    /** itemHash of the header with number - 1; null only for number 1. */
    previous: hashSchema.nullable(),
    /** hex SHA-256 of the body's exact bytes. */
    body: hashSchema,
    changeSet: idSchema,
    issuedAt: timeSchema,
    /** A node takes the release before this moment only. */
    acceptBy: timeSchema,
    /** Headers of the same change set whose success this one waits for. */
    after: z
      .array(hashSchema)
      .max(128)
      .refine((list) => new Set(list).size === list.length, 'after names each header once'),
  })
  .refine((header) => (header.previous === null) === (header.number === 1), {
    path: ['previous'],
    message: 'previous is null for number 1 and a hash for every later number',
  })
  .refine((header) => Date.parse(header.acceptBy) > Date.parse(header.issuedAt), {
    path: ['acceptBy'],
    message: 'acceptBy lies after issuedAt',
  });
export type ReleaseHeader = z.output<typeof releaseHeaderSchema>;
