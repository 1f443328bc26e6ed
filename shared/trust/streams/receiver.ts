import { z } from 'zod';
import { fromBase64, ok, type Result, toBase64Url } from '#shared/kernel/index.ts';
import { verifySignature } from '../keys/verify.ts';
import { parseStrictJson } from '../strict-json.ts';
import {
  brokenStream,
  createStreamKeyPair,
  deriveStreamKey,
  FRAME_LAST,
  FRAME_MORE,
  frameNonce,
  helloBytes,
  MAX_FRAME_BYTES,
} from './stream-keys.ts';

const TAG_BYTES = 16;

const helloSchema = z.looseObject({ v: z.literal(1), key: z.string(), sig: z.string() });

export interface StreamFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Without a last frame the stream was cut off: say so. */
  readonly last: boolean;
}

export interface StreamReceiver {
  /** base64url: goes into the command's replyKey. */
  readonly publicKey: string;
  /** Takes the sender's hello once; `nodeSignKey` is the key of the node in the trust log. */
  begin(about: {
    readonly hello: string;
    readonly commandHash: string;
    readonly nodeSignKey: string;
  }): Promise<Result<void>>;
  /** Opens the next frame. After any refusal the stream stays refused. */
  open(frame: Uint8Array): Promise<Result<StreamFrame>>;
}

/** STR-1..STR-5: the device's end, with a key made for this one stream. */
export async function createStreamReceiver(): Promise<StreamReceiver> {
  const pair = await createStreamKeyPair();
  let state: 'new' | 'open' | 'ended' | 'broken' = 'new';
  let key: CryptoKey | undefined;
  let counter = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const fail = (why: string) => {
    state = 'broken';
    return brokenStream(why);
  };

  const begin: StreamReceiver['begin'] = async ({ hello, commandHash, nodeSignKey }) => {
    if (state !== 'new') return fail('a second hello');
    const bytes = hello.length <= 1_024 ? fromBase64(hello) : undefined;
    const json = bytes && parseStrictJson(bytes, { maxBytes: 1_024 });
    const read = helloSchema.safeParse(json?.ok ? json.value : undefined);
    const senderKey = fromBase64(read.success ? read.data.key : '');
    const sig = fromBase64(read.success ? read.data.sig : '');
    if (senderKey?.length !== 32 || sig?.length !== 64) return fail('the hello is malformed');
    const context = { commandHash, senderKey, receiverKey: pair.publicKey };
    if (!(await verifySignature(nodeSignKey, helloBytes(context), sig)))
      return fail('the hello is not signed by the node');
    try {
      key = await deriveStreamKey(pair.privateKey, senderKey, context, 'decrypt');
    } catch {
      return fail('the hello holds a bad key');
    }
    state = 'open';
    return ok();
  };

  const openNext = async (frame: Uint8Array): Promise<Result<StreamFrame>> => {
    if (state !== 'open' || !key) return fail(state === 'ended' ? 'a frame after the last' : `the stream is ${state}`);
    const flag = frame[0];
    if (frame.length < 1 + TAG_BYTES || frame.length > 1 + TAG_BYTES + MAX_FRAME_BYTES) return fail('a frame size');
    if (flag !== FRAME_MORE && flag !== FRAME_LAST) return fail('an unknown frame flag');
    try {
      const plain = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: frameNonce(counter), additionalData: Uint8Array.of(flag) },
        key,
        new Uint8Array(frame.subarray(1)),
      );
      counter += 1;
      if (flag === FRAME_LAST) state = 'ended';
      return ok({ bytes: new Uint8Array(plain), last: flag === FRAME_LAST });
    } catch {
      return fail(`frame ${counter} is changed, missing or out of order`);
    }
  };

  return {
    publicKey: toBase64Url(pair.publicKey),
    begin,
    // Frames may be handed over without waiting; each still sees the counter that the one before left.
    open: (frame) => {
      const next = queue.then(() => openNext(frame));
      queue = next;
      return next;
    },
  };
}
