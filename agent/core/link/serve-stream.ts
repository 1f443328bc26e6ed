import type { WebSocket } from 'ws';
import { type CoreToStream, streamToCoreSchema } from '#shared/contracts/rest/index.ts';
import { SYNC_MAX_FRAME_BYTES } from '#shared/contracts/sync/messages.ts';
import { type Fault, fault } from '#shared/kernel/index.ts';
import { parseStrictJson } from '#shared/trust/index.ts';
import type { Core } from '../core.ts';
import type { Session } from '../sessions/session-book.ts';

/** Passes one sealed stream between a node and its reader; credits go back, so that a slow reader slows the node. */
export function serveStream(core: Core, webSocket: WebSocket, hash: string, session: Session): void {
  const tell = (message: CoreToStream): void => webSocket.send(JSON.stringify(message));
  const taken = core.streams.take(hash, session.deviceId, {
    onResult: (result) => tell({ type: 'result', ...result }),
    onFrame: (data) => tell({ type: 'frame', data }),
    onLost: () => {
      tell({ type: 'result', ok: false, fault: nodeLost(), hello: null });
      webSocket.close(4500, 'node.away');
    },
  });
  if (!taken) {
    tell({ type: 'result', ok: false, fault: unknownStream(), hello: null });
    webSocket.close(4404, 'stream.unknown');
    return;
  }
  webSocket.on('message', (data, isBinary) => {
    const message = isBinary ? undefined : streamToCoreSchema.safeParse(parseFrame(String(data)));
    if (message?.success !== true) return webSocket.close(4400, 'request.invalid');
    if (message.data.type === 'credit') core.commands.credit(hash, message.data.frames);
    else webSocket.close(1000);
  });
  webSocket.on('close', () => core.commands.cancel(hash));
}

/** The value of a frame's JSON text, or undefined where it is none, or one that two readers might read in two ways. */
export function parseFrame(text: string): unknown {
  const json = parseStrictJson(text, { maxBytes: SYNC_MAX_FRAME_BYTES });
  return json.ok ? json.value : undefined;
}

function nodeLost(): Fault {
  return fault(
    'node.away',
    'transient',
    'The node went away while it sent.',
    'Check that the node is on, then open the stream again.',
  );
}

function unknownStream(): Fault {
  return fault(
    'stream.unknown',
    'permanent',
    'There is no such stream for this device.',
    'Open it again: `POST apps/{id}/logs`.',
  );
}
