/**
 * ENV-4: what Web Crypto does not check. Node and Chromium import any 32 bytes as a key and leave it to the
 * verification; these checks make the answer the same everywhere and keep out keys for which anybody can make
 * signatures (RFC 8032 §5.1.3, §5.1.7; the checks libsodium makes).
 */

/** The field prime 2^255 - 19. */
const P = 2n ** 255n - 19n;

/** The order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const ORDER_8_Y = 0x5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;

/** y of every point whose order divides 8. The sign bit does not matter: each such y is bad with either. */
const SMALL_ORDER_Y = new Set([0n, 1n, P - 1n, ORDER_8_Y, P - ORDER_8_Y]);

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}

/** True for 32 bytes whose y is canonical (below p) and not of small order. Does not prove that the point exists. */
export function isSoundPoint(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false;
  const y = littleEndian(bytes) & (2n ** 255n - 1n);
  return y < P && !SMALL_ORDER_Y.has(y);
}

/** True for 64 bytes R || S with a sound R and S below the group order, so that no second S signs the same bytes. */
export function isSoundSignature(bytes: Uint8Array): boolean {
  return bytes.length === 64 && isSoundPoint(bytes.subarray(0, 32)) && littleEndian(bytes.subarray(32)) < L;
}
