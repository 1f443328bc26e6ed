import { err, fault, fromBase64Url, fromHex, type Result, utf8 } from '#shared/kernel/index.ts';

const INFO = utf8('overseer/stream/v1');

/** What both ends of one stream agree on. */
export interface StreamContext {
  /** itemHash of the command that opened it. */
  readonly commandHash: string;
  readonly senderKey: Uint8Array<ArrayBuffer>;
  readonly receiverKey: Uint8Array<ArrayBuffer>;
}

/** A one-time X25519 key pair; the private half can not be exported. */
export async function createStreamKeyPair(): Promise<{
  privateKey: CryptoKey;
  publicKey: Uint8Array<ArrayBuffer>;
}> {
  const pair = await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits']);
  return {
    privateKey: pair.privateKey,
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
  };
}

/**
 * STR-1: X25519, then HKDF-SHA256 with the command's hash as salt and both public keys in the info, as HPKE binds
 * them. Throws on a low-order key: the shared secret would be zero.
 */
export async function deriveStreamKey(
  privateKey: CryptoKey,
  other: Uint8Array<ArrayBuffer>,
  context: StreamContext,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const salt = fromHex(context.commandHash);
  if (salt?.length !== 32) throw new TypeError('commandHash is an itemHash');
  const theirs = await crypto.subtle.importKey('raw', other, { name: 'X25519' }, false, []);
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: theirs }, privateKey, 256));
  // Web Crypto demands this check, and not every engine has always made it.
  if (shared.every((byte) => byte === 0)) throw new Error('low-order X25519 key');
  const ikm = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const info = new Uint8Array([...INFO, ...context.senderKey, ...context.receiverKey]);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info },
    ikm,
    { name: 'AES-GCM', length: 256 },
    false,
    [usage],
  );
}

/** STR-4: what the node signs, so that the core can not answer in its place. */
export function helloBytes(context: StreamContext): Uint8Array<ArrayBuffer> {
  return new Uint8Array([
    ...utf8(`overseer/stream-hello/v1 ${context.commandHash} `),
    ...context.senderKey,
    ...context.receiverKey,
  ]);
}

/** STR-2: 96-bit big-endian counter: frame 0, 1, 2 … under a key that is used for one stream only. */
export function frameNonce(counter: number): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, BigInt(counter));
  return nonce;
}

/** 32 raw bytes of a base64url key, or undefined. */
export function rawKey(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = fromBase64Url(text);
  return bytes?.length === 32 ? bytes : undefined;
}

/** Frames carry this before the ciphertext; it is authenticated. */
export const FRAME_MORE = 0;
export const FRAME_LAST = 1;

/** Most plaintext in one frame, in bytes. */
export const MAX_FRAME_BYTES = 256 * 1024;

/** The stream can not be trusted from here on. */
export function brokenStream(why: string): Result<never> {
  return err(fault('stream.broken', 'denied', `the sealed stream is refused: ${why}`, 'run the command again'));
}
