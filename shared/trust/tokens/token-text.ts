import { fromBase64Url, ID_PATTERN, type Random, sha256Hex, toBase64Url } from '#shared/kernel/index.ts';

const PREFIX = 'ovt_';
const SECRET_BYTES = 32;

/** What the holder of a token has. */
export interface TokenSecret {
  readonly tokenId: string;
  readonly secret: Uint8Array<ArrayBuffer>;
}

/** TOK-2: `ovt_`, the id, `_` and 32 random bytes in base64url. */
export function createTokenText(tokenId: string, random: Random): { text: string; secretHash: string } {
  const secret = random.bytes(SECRET_BYTES);
  return { text: `${PREFIX}${tokenId}_${toBase64Url(secret)}`, secretHash: sha256Hex(secret) };
}

/** TOK-2: undefined for what is no token. */
export function parseTokenText(text: string): TokenSecret | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const rest = text.slice(PREFIX.length);
  const tokenId = rest.slice(0, 26);
  const secret = fromBase64Url(rest.slice(27));
  if (!ID_PATTERN.test(tokenId) || rest[26] !== '_' || secret?.length !== SECRET_BYTES) return undefined;
  return { tokenId, secret };
}
