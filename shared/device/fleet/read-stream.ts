import { coreToStreamSchema, STREAM_PROTOCOL } from '#shared/contracts/rest/index.ts';
import { err, fault, fromBase64, ok, type Result } from '#shared/kernel/index.ts';
import { errorToFault } from '../connection/core-client.ts';
import { openCoreSocket } from '../connection/core-socket.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { Fleet } from './fleet.ts';
import type { SignedCommand } from './run-command.ts';

/** Frames given to the node each time so many were read: a slow reader slows the node, nothing piles up between. */
const CREDIT_STEP = 16;
const MAX_FRAME_BYTES = 1024 * 1024;

/** Reads the sealed frames of a stream until its signed end; `take` gets the plain bytes in order. */
export async function readStream(
  context: DeviceContext,
  fleet: Fleet,
  command: SignedCommand,
  stream: string,
  take: (bytes: Uint8Array) => void | Promise<void>,
): Promise<Result<void>> {
  const socket = await openCoreSocket(fleet.client, fleet.sockets, {
    path: `/api/v1/streams/${stream}`,
    protocol: STREAM_PROTOCOL,
    maxFrameBytes: MAX_FRAME_BYTES,
    signal: context.signal,
  });
  if (!socket.ok) return socket;
  const { receiver, hash, node } = command;
  let read = 0;
  try {
    for await (const raw of socket.value.messages) {
      const message = coreToStreamSchema.parse(raw);
      if (message.type === 'result') {
        if (!message.ok) return err(message.fault ?? cut());
        if (message.hello === null) return ok();
        const begun = await receiver.begin({ hello: message.hello, commandHash: hash, nodeSignKey: node.signKey });
        if (!begun.ok) return begun;
        continue;
      }
      const frame = await receiver.open(fromBase64(message.data) ?? new Uint8Array());
      if (!frame.ok) return frame;
      await take(frame.value.bytes);
      if (frame.value.last) return ok();
      if (++read % CREDIT_STEP === 0) socket.value.send({ type: 'credit', frames: CREDIT_STEP });
    }
    return context.signal.aborted ? ok() : err(cut());
  } catch (error) {
    return context.signal.aborted ? ok() : err(errorToFault(error));
  } finally {
    socket.value.close();
  }
}

function cut() {
  return fault('command.cut-off', 'transient', 'the stream broke off before its end', 'Run the command again.');
}
