import { sha256 } from '@noble/hashes/sha2.js';
import {
  equalBytes,
  err,
  fault,
  fromBase64Url,
  fromHex,
  ok,
  type Random,
  type Result,
  sha256Hex,
  toBase32,
  toBase64Url,
  utf8,
} from '#shared/kernel/index.ts';

/** ENR-6: 80 bits of the core's key hash, 104 bits of secret, 16 bits that catch a typing error. */
const PREFIX_BYTES = 10;
const SECRET_BYTES = 13;
const CHECK_BYTES = 2;
const CODE_BYTES = PREFIX_BYTES + SECRET_BYTES + CHECK_BYTES;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

export interface SetupCode {
  /** The first 10 bytes of the SHA-256 of the core's SubjectPublicKeyInfo. */
  readonly spkiPrefix: Uint8Array<ArrayBuffer>;
  /** base64url; the claiming device shows it to the core, once, over the checked TLS key. */
  readonly secret: string;
}

/** The code that `overseer core init` prints. The core keeps `secretHash` only. */
export function createSetupCode(coreSpki: string, random: Random): { code: string; secretHash: string } {
  const spki = fromHex(coreSpki);
  if (spki?.length !== 32) throw new TypeError('coreSpki is a hex SHA-256');
  const secret = random.bytes(SECRET_BYTES);
  const body = new Uint8Array([...spki.subarray(0, PREFIX_BYTES), ...secret]);
  const text = toBase32(new Uint8Array([...body, ...checkOf(body)]));
  return { code: (text.match(/.{5}/g) ?? []).join('-'), secretHash: sha256Hex(secret) };
}

/** Reads a code as a person typed it: case, hyphens and spaces do not matter, 0/1/8 are read as o/l/b. */
export function parseSetupCode(text: string): Result<SetupCode> {
  const bare = text.length > 256 ? '' : text.toLowerCase().replaceAll(/[\s-]+/g, '');
  const bytes = fromBase32(bare.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('8', 'b'));
  const body = bytes?.subarray(0, PREFIX_BYTES + SECRET_BYTES);
  if (bytes?.length !== CODE_BYTES || !body || !equalBytes(checkOf(body), bytes.subarray(body.length)))
    return err(
      fault(
        'enrol.bad-setup-code',
        'permanent',
        `the setup code is mistyped: it has ${CODE_BYTES * 1.6} characters in groups of five`,
        'type it again as `overseer core init` printed it',
        { field: 'code' },
      ),
    );
  return ok({ spkiPrefix: bytes.slice(0, PREFIX_BYTES), secret: toBase64Url(bytes.slice(PREFIX_BYTES, body.length)) });
}

/** True when the core at the other end of TLS is the one that printed the code. */
export function setupCodeMatchesSpki(code: SetupCode, coreSpki: string): boolean {
  const spki = fromHex(coreSpki);
  return spki?.length === 32 && equalBytes(spki.subarray(0, PREFIX_BYTES), code.spkiPrefix);
}

/** The core's side: does this base64url secret belong to the kept hash? */
export function setupSecretMatches(secret: string, secretHash: string): boolean {
  const bytes = fromBase64Url(secret);
  const kept = fromHex(secretHash);
  return bytes?.length === SECRET_BYTES && kept?.length === 32 && equalBytes(sha256(bytes), kept);
}

function checkOf(body: Uint8Array): Uint8Array {
  return sha256(new Uint8Array([...utf8('overseer/setup/v1'), ...body])).subarray(0, CHECK_BYTES);
}

function fromBase32(text: string): Uint8Array<ArrayBuffer> | undefined {
  const out: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const char of text) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) return undefined;
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.push((buffer >> bits) & 255);
  }
  const bytes = Uint8Array.from(out);
  return toBase32(bytes) === text ? bytes : undefined;
}
