import { z } from 'zod';

/** A random id or key id. */
export const idSchema = z.string().regex(/^[a-z2-7]{26}$/, 'must be 26 characters of a-z and 2-7');

/** Lower-case hex SHA-256. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 characters of lower-case hex');

/** ISO 8601 UTC with milliseconds. */
export const timeSchema = z.iso.datetime({ precision: 3 });

/** base64url without padding. */
export const base64UrlSchema = z.string().regex(/^[A-Za-z0-9_-]*$/, 'must be base64url without padding');

/** A DSSE envelope as an object; its rules are checked by shared/trust, not here. */
export const envelopeSchema = z.looseObject({
  payloadType: z.string().max(128),
  payload: z.string().max(8_388_608),
  signatures: z.array(z.looseObject({ keyid: z.string().max(64), sig: z.string().max(512) })).max(8),
});

/** A service, job or person name as people write it. */
export const nameSchema = z.string().min(1).max(63);

/** An empty request body. */
export const emptySchema = z.strictObject({});
