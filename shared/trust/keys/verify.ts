import { isSoundSignature } from './ed25519-encoding.ts';
import { soundPublicKey } from './key-id.ts';

/** ENV-3, ENV-4: true when `signature` (64 bytes) over exactly `bytes` is by the base64url `publicKey`. */
export async function verifySignature(publicKey: string, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const keyBytes = soundPublicKey(publicKey);
  if (!keyBytes || !isSoundSignature(signature)) return false;
  try {
    const key = await crypto.subtle.importKey('raw', keyBytes, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(bytes));
  } catch {
    // A browser may refuse a point that is not on the curve at import; Node does at verification.
    return false;
  }
}
