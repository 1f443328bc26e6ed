/**
 * Node's types declare the Web Crypto values (`crypto`, `CryptoKey`) but not the global type names that browsers and
 * pure code use. This names them, so that one source file checks in every environment. Only node.json loads it.
 */
import type { webcrypto } from 'node:crypto';

declare module 'node:crypto' {
  namespace webcrypto {
    // Node's declaration gives the union for these two; browsers' types and the specification say a pair.
    interface SubtleCrypto {
      generateKey(
        algorithm: 'Ed25519' | { name: 'Ed25519' } | 'X25519' | { name: 'X25519' },
        extractable: boolean,
        keyUsages: readonly webcrypto.KeyUsage[],
      ): Promise<webcrypto.CryptoKeyPair>;
    }
  }
}

declare global {
  interface CryptoKey extends webcrypto.CryptoKey {}
  interface CryptoKeyPair extends webcrypto.CryptoKeyPair {}
  interface JsonWebKey extends webcrypto.JsonWebKey {}
  type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;
  type KeyUsage = webcrypto.KeyUsage;
}
