import { expect, it } from 'vitest';
import { fromBase64Url, utf8 } from '#shared/kernel/index.ts';
import { generateKeptSigningKey, signerOfKeptKey } from './kept-signing-key.ts';
import { keyIdOf } from './key-id.ts';

it('signs what its public half verifies, and can not be exported', async () => {
  const key = await generateKeptSigningKey();
  const signer = signerOfKeptKey(key);
  expect(signer.keyId).toBe(keyIdOf(key.publicKey));
  await expect(crypto.subtle.exportKey('pkcs8', key.privateKey)).rejects.toThrow();
  const message = utf8('an order');
  const raw = fromBase64Url(key.publicKey) ?? new Uint8Array();
  const verifier = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
  const signature = await signer.sign(message);
  expect(await crypto.subtle.verify('Ed25519', verifier, signature, message)).toBe(true);
  expect(await crypto.subtle.verify('Ed25519', verifier, signature, utf8('another order'))).toBe(false);
  expect(() => signerOfKeptKey({ ...key, publicKey: 'AAAA' })).toThrow(RangeError);
});
