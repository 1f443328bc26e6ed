import { fromBase64Url, type Random, systemRandom, toBase64Url } from '#shared/kernel/index.ts';
import { keyIdOfBytes } from './key-id.ts';

/** Something that can sign: a key in memory today, a keychain or a hardware key later. */
export interface Signer {
  readonly keyId: string;
  sign(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

export interface SigningKey {
  readonly signer: Signer;
  /** base64url of the 32 raw bytes. */
  readonly publicKey: string;
  /** The 32-byte seed: seal it at once. */
  exportSeed(): Uint8Array<ArrayBuffer>;
}

/** The DER of PKCS#8 for Ed25519 up to the seed (RFC 8410 §7). */
const PKCS8_PREFIX = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);

/** A new Ed25519 key. */
export function generateSigningKey(random: Random = systemRandom): Promise<SigningKey> {
  return signerFromSeed(random.bytes(32));
}

/** The Ed25519 key of a 32-byte seed. Throws RangeError on another length. */
export async function signerFromSeed(seed: Uint8Array): Promise<SigningKey> {
  if (seed.length !== 32) throw new RangeError(`an Ed25519 seed has 32 bytes, not ${seed.length}`);
  const kept = new Uint8Array(seed);
  const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...kept]);
  const extractable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const publicKey = (await crypto.subtle.exportKey('jwk', extractable)).x ?? '';
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  const publicBytes = fromBase64Url(publicKey);
  if (publicBytes?.length !== 32) throw new Error('Web Crypto gave no Ed25519 public key');
  return {
    signer: {
      keyId: keyIdOfBytes(publicBytes),
      sign: async (bytes) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(bytes))),
    },
    publicKey: toBase64Url(publicBytes),
    exportSeed: () => new Uint8Array(kept),
  };
}
