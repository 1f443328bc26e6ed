import { fromBase64Url } from '#shared/kernel/index.ts';
import { keyIdOfBytes } from './key-id.ts';
import type { Signer } from './signing-key.ts';

/** An Ed25519 key that no script can read: a browser keeps it as it is, in IndexedDB. */
export interface KeptSigningKey {
  readonly privateKey: CryptoKey;
  /** base64url of the 32 raw bytes. */
  readonly publicKey: string;
}

/** A new key whose private half can not be exported. */
export async function generateKeptSigningKey(): Promise<KeptSigningKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  const { x } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { privateKey: pair.privateKey, publicKey: x ?? '' };
}

/** Signs with a kept key. Throws RangeError when its public half is no Ed25519 key. */
export function signerOfKeptKey({ privateKey, publicKey }: KeptSigningKey): Signer {
  const bytes = fromBase64Url(publicKey);
  if (bytes?.length !== 32) throw new RangeError('the public half is no Ed25519 key');
  return {
    keyId: keyIdOfBytes(bytes),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(message))),
  };
}
