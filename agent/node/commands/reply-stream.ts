import { STREAM_INITIAL_CREDIT } from '#shared/contracts/link/messages.ts';
import { toBase64 } from '#shared/kernel/index.ts';
import { createStreamSender, MAX_FRAME_BYTES, type Signer } from '#shared/trust/index.ts';

/** The sealed answer to one command. Only the device that signed it can read the frames. */
export interface ReplyStream {
  /** base64, for the command-result. */
  readonly hello: string;
  /** Waits for credit. False when the reader is gone: stop working for it. */
  write(bytes: Uint8Array): Promise<boolean>;
  end(bytes?: Uint8Array): Promise<void>;
  credit(frames: number): void;
  cancel(): void;
  readonly signal: AbortSignal;
}

/** Opens the stream; `sendFrame` gives false when the link is gone. */
export async function createReplyStream(about: {
  replyKey: string;
  commandHash: string;
  signer: Signer;
  sendFrame(data: string): boolean;
}): Promise<ReplyStream> {
  const sender = await createStreamSender(about.replyKey, about);
  const cancelled = new AbortController();
  let credit = STREAM_INITIAL_CREDIT;
  let wake: (() => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const sendOne = async (bytes: Uint8Array, isLast: boolean): Promise<boolean> => {
    while (credit <= 0 && !cancelled.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (cancelled.signal.aborted) return false;
    credit -= 1;
    const frame = await sender.seal(bytes, { last: isLast });
    if (about.sendFrame(toBase64(frame))) return true;
    cancelled.abort();
    return false;
  };
  // Frames carry a counter: they leave in the order of the calls.
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  return {
    hello: sender.hello,
    signal: cancelled.signal,
    write: (bytes) => inOrder(() => sendPieces(bytes, (piece) => sendOne(piece, false))),
    end: (bytes = new Uint8Array()) =>
      inOrder(async () => {
        const cut = Math.max(0, bytes.length - MAX_FRAME_BYTES);
        const sent = await sendPieces(bytes.subarray(0, cut), (piece) => sendOne(piece, false));
        if (sent) await sendOne(bytes.subarray(cut), true);
      }),
    credit(frames) {
      credit = Math.min(credit + frames, 4_096);
      wake?.();
    },
    cancel() {
      cancelled.abort();
      wake?.();
    },
  };
}

async function sendPieces(bytes: Uint8Array, send: (piece: Uint8Array) => Promise<boolean>): Promise<boolean> {
  for (let at = 0; at < bytes.length; at += MAX_FRAME_BYTES) {
    if (!(await send(bytes.subarray(at, at + MAX_FRAME_BYTES)))) return false;
  }
  return true;
}
