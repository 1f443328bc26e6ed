import { isSoundSignature } from './ed25519-encoding.ts';
import { soundPublicKey } from './key-id.ts';

/** A fleet has few signers and many rows: each key is read once. */
const KEPT = 256;
const keys = new Map<string, Promise<CryptoKey>>();

function imported(publicKey: string, bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const known = keys.get(publicKey);
  if (known) return known;
  const key = crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
  if (keys.size >= KEPT) keys.clear();
  keys.set(publicKey, key);
  return key;
}

/** ENV-3, ENV-4: true when `signature` (64 bytes) over exactly `bytes` is by the base64url `publicKey`. */
export async function verifySignature(publicKey: string, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const keyBytes = soundPublicKey(publicKey);
  if (!keyBytes || !isSoundSignature(signature)) return false;
  try {
    const key = await imported(publicKey, keyBytes);
    return await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(bytes));
  } catch {
    // A browser may refuse a point that is not on the curve at import; Node does at verification.
    return false;
  }
}
