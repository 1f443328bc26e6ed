import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64Url, ID_LENGTH, toBase32 } from '#shared/kernel/index.ts';
import { isSoundPoint } from './ed25519-encoding.ts';

/** keyId of raw Ed25519 key bytes: the first 130 bits of their SHA-256 in base32. */
export function keyIdOfBytes(publicKey: Uint8Array): string {
  return toBase32(sha256(publicKey)).slice(0, ID_LENGTH);
}

/** keyId of a base64url public key; '' when the text is no canonical 32 bytes, which equals no id. */
export function keyIdOf(publicKey: string): string {
  const bytes = fromBase64Url(publicKey);
  return bytes?.length === 32 ? keyIdOfBytes(bytes) : '';
}

/** ENV-4: the bytes of a public key that may be trusted with signatures, or undefined. */
export function soundPublicKey(publicKey: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = fromBase64Url(publicKey);
  return bytes && isSoundPoint(bytes) ? bytes : undefined;
}
