import { toBase64, utf8 } from '#shared/kernel/index.ts';
import type { Signer } from '../keys/signing-key.ts';
import {
  createStreamKeyPair,
  deriveStreamKey,
  FRAME_LAST,
  FRAME_MORE,
  frameNonce,
  helloBytes,
  MAX_FRAME_BYTES,
  rawKey,
} from './stream-keys.ts';

export interface StreamSender {
  /** base64: goes once to the receiver, before the frames. */
  readonly hello: string;
  /** Seals the next frame, at most 256 KiB; `last` ends the stream. Send frames in the order of the calls. */
  seal(bytes: Uint8Array, options?: { readonly last?: boolean }): Promise<Uint8Array<ArrayBuffer>>;
}

/** STR-1..STR-4: the node's end. `signer` is the node's own key. Throws TypeError on a key that is none. */
export async function createStreamSender(
  receiverPublicKey: string,
  about: { readonly commandHash: string; readonly signer: Signer },
): Promise<StreamSender> {
  const receiverKey = rawKey(receiverPublicKey);
  if (!receiverKey) throw new TypeError('replyKey is no X25519 key');
  const pair = await createStreamKeyPair();
  const context = { commandHash: about.commandHash, senderKey: pair.publicKey, receiverKey };
  const key = await deriveStreamKey(pair.privateKey, receiverKey, context, 'encrypt');
  const sig = await about.signer.sign(helloBytes(context));
  let counter = 0;
  let ended = false;
  return {
    hello: toBase64(utf8(JSON.stringify({ v: 1, key: toBase64(pair.publicKey), sig: toBase64(sig) }))),
    seal: async (bytes, options = {}) => {
      if (ended) throw new Error('the stream has ended');
      if (bytes.length > MAX_FRAME_BYTES) throw new RangeError(`a frame holds at most ${MAX_FRAME_BYTES} bytes`);
      ended = options.last === true;
      const flags = Uint8Array.of(ended ? FRAME_LAST : FRAME_MORE);
      const iv = frameNonce(counter);
      counter += 1;
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: flags },
        key,
        new Uint8Array(bytes),
      );
      // Spread into a list of numbers a frame would cost eight times its size: a long log made a node swell.
      const frame = new Uint8Array(flags.length + sealed.byteLength);
      frame.set(flags);
      frame.set(new Uint8Array(sealed), flags.length);
      return frame;
    },
  };
}
