import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import {
  err,
  type Fault,
  fault,
  fromBase64Url,
  fromHex,
  ok,
  type Random,
  type Result,
  sha256Hex,
  toBase64Url,
  utf8,
} from '#shared/kernel/index.ts';
import { type CoreAddress, coreAddressSchema, hashSchema, key32Schema, timeSchema } from '../formats.ts';
import { parseStrictJson } from '../strict-json.ts';

const PREFIX = 'ov1_';

/** Longest token text taken. */
const MAX_TOKEN_BYTES = 4_096;

const tokenSchema = z.looseObject({
  v: z.literal(1),
  addresses: z.array(coreAddressSchema).min(1).max(16),
  /** hex SHA-256 of the core's SubjectPublicKeyInfo. */
  coreSpki: hashSchema,
  /** The fleet: the node takes no other genesis. */
  genesis: hashSchema,
  expiresAt: timeSchema,
  /** base64url of 32 bytes; admit and bind are derived from it. */
  secret: key32Schema,
});
export type EnrolmentToken = z.output<typeof tokenSchema>;

/** ENR-1: a token for one node. Show it once; keep `secret` on the device until the node has joined. */
export function createEnrolmentToken(
  about: {
    readonly addresses: readonly CoreAddress[];
    readonly coreSpki: string;
    readonly genesis: string;
    readonly expiresAt: string;
  },
  random: Random,
): { token: string; secret: string; parsed: EnrolmentToken } {
  const secret = toBase64Url(random.bytes(32));
  const parsed = tokenSchema.parse({ v: 1, ...about, secret });
  return { token: writeEnrolmentToken(parsed), secret, parsed };
}

/** The one line of a token, as it is pasted on the server. */
export function writeEnrolmentToken(token: EnrolmentToken): string {
  return PREFIX + toBase64Url(utf8(JSON.stringify(token)));
}

/** ENR-2: reads a token as a person pasted it (spaces and line breaks around and inside are forgiven). */
export function parseEnrolmentToken(text: string, nowMs: number): Result<EnrolmentToken> {
  if (text.length > MAX_TOKEN_BYTES) return err(badToken('it is too long'));
  const bare = text.replaceAll(/\s+/g, '');
  if (!bare.startsWith(PREFIX)) return err(badToken(`it does not begin with ${PREFIX}`));
  const bytes = fromBase64Url(bare.slice(PREFIX.length));
  if (!bytes) return err(badToken('a character is missing or wrong'));
  const json = parseStrictJson(bytes, { maxBytes: MAX_TOKEN_BYTES });
  if (!json.ok) return err(badToken('a part of it is missing or wrong'));
  const read = tokenSchema.safeParse(json.value);
  if (!read.success) return err(badToken(`${read.error.issues[0]?.path.join('.') || 'a field'} does not fit`));
  if (Date.parse(read.data.expiresAt) <= nowMs)
    return err(
      fault(
        'enrol.token-expired',
        'denied',
        `the token ended at ${read.data.expiresAt}, this machine's clock says ${new Date(nowMs).toISOString()}`,
        'check the clock, or make a new token with `overseer nodes token`',
        { field: 'expiresAt' },
      ),
    );
  return ok(read.data);
}

type TokenSecret = Pick<EnrolmentToken, 'secret' | 'genesis'>;

/** ENR-3: what the node shows to the core, which keeps only `admitHash` of it. */
export function deriveAdmit(token: TokenSecret): Promise<Uint8Array<ArrayBuffer>> {
  return Promise.resolve(deriveFromToken(token, 'overseer/admit/v1'));
}

/** ENR-3: what only the node and the owner's device know; the core can not compute it from admit. */
export function deriveBind(token: TokenSecret): Promise<Uint8Array<ArrayBuffer>> {
  return Promise.resolve(deriveFromToken(token, 'overseer/bind/v1'));
}

/** hex SHA-256 of admit: what the core stores. */
export function admitHash(admit: Uint8Array): string {
  return sha256Hex(admit);
}

/** HKDF-SHA256 over the token's secret with the genesis as salt. Throws TypeError on a token that was not parsed. */
export function deriveFromToken(token: TokenSecret, info: string): Uint8Array<ArrayBuffer> {
  const secret = fromBase64Url(token.secret);
  const salt = fromHex(token.genesis);
  if (secret?.length !== 32 || salt?.length !== 32) throw new TypeError('not a parsed enrolment token');
  return new Uint8Array(hkdf(sha256, secret, salt, utf8(info), 32));
}

function badToken(why: string): Fault {
  return fault(
    'enrol.bad-token',
    'permanent',
    `this is no enrolment token: ${why}`,
    'copy the whole line that `overseer nodes token` printed',
    { field: 'token' },
  );
}
