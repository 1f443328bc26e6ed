import { z } from 'zod';
import { HASH_PATTERN, ID_PATTERN } from '#shared/kernel/index.ts';

/** A random id or a key id. */
export const idSchema = z.string().regex(ID_PATTERN, 'an id is 26 characters of a-z and 2-7');

/** Lower-case hex SHA-256. */
export const hashSchema = z.string().regex(HASH_PATTERN, 'a hash is 64 lower-case hex digits');

/** base64url without padding of exactly 32 bytes. The last character carries four zero bits, so one spelling exists. */
export const key32Schema = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, 'a key is 32 bytes in base64url');

/** Our one spelling of a time: `2026-01-01T00:00:00.000Z`, and a real calendar date. */
export const timeSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'a time is ISO 8601 UTC with milliseconds')
  .refine((text) => {
    const ms = Date.parse(text);
    return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
  }, 'a time is a real date');

/** What a person calls something: one line, no control characters. */
export const nameSchema = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'a name is one line without control characters');

/** A machine name: verbs, actions, features. */
export const wordSchema = z
  .string()
  .max(63)
  .regex(/^[a-z][a-z0-9-]*$/, 'a word is lower-case letters, digits and hyphens');

/** An age recipient (`age1…`, `age1pq1…`): a post-quantum one has about 1,960 characters. */
export const ageRecipientSchema = z
  .string()
  .max(2_400)
  .regex(/^age1[02-9ac-hj-np-z]{58,}$|^age1pq1[02-9ac-hj-np-z]{1000,}$/, 'a recipient begins with age1');

/** A host name or an IP address as it stands in a URL, without a port. */
export const hostSchema = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.:_-]+$/, 'a host is a name or an IP address without brackets or port');

const portSchema = z.number().int().min(1).max(65_535);

/** Where a core listens: httpPort serves devices and browsers, linkPort serves nodes. */
export const coreAddressSchema = z.looseObject({ host: hostSchema, httpPort: portSchema, linkPort: portSchema });
export type CoreAddress = z.output<typeof coreAddressSchema>;

/** Safe positive counter: versions, numbers, epochs, sequence numbers. */
export const countSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
