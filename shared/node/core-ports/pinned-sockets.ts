import WebSocket from 'ws';
import { createMessageQueue, type Socket, type SocketRequest } from '#shared/device/index.ts';
import { FaultError } from '#shared/kernel/index.ts';
import { type Pin, silence, unreachable } from '#shared/node/pinned-tls.ts';
import { createPinnedAgent } from './pinned-agent.ts';
import type { HttpAddress } from './pinned-http.ts';

/** Opens a WebSocket to a core that holds the pinned key. Rejects with a FaultError. */
export async function openPinnedSocket(to: HttpAddress, pin: Pin, about: SocketRequest): Promise<Socket> {
  const authority = to.host.includes(':') ? `[${to.host}]:${to.port}` : `${to.host}:${to.port}`;
  const socket = new WebSocket(`wss://${authority}${about.path}?ticket=${about.ticket}`, about.protocol, {
    agent: createPinnedAgent(pin),
    perMessageDeflate: false,
    maxPayload: about.maxFrameBytes,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', (error) =>
      reject(error instanceof FaultError ? error : new FaultError(unreachable(to, error.message))),
    );
  });
  return wrap(socket, to, about.signal);
}

/** The core pings every 15 s; after this silence, in milliseconds, the connection is dead though nobody said so. */
const SILENCE = { timeoutMs: 45_000 };

function wrap(socket: WebSocket, to: HttpAddress, signal: AbortSignal): Socket {
  const queue = createMessageQueue<string>();
  let watch: NodeJS.Timeout | undefined;
  const end = (error?: Error): void => {
    clearTimeout(watch);
    signal.removeEventListener('abort', close);
    queue.end(error);
  };
  const close = (): void => {
    end();
    socket.close();
    // A core that never answers the closing handshake must not keep this process.
    setTimeout(() => socket.terminate(), 1_000).unref();
  };
  const alive = (): void => {
    clearTimeout(watch);
    watch = setTimeout(() => {
      end(new FaultError(unreachable(to, silence(SILENCE))));
      socket.terminate();
    }, SILENCE.timeoutMs);
    watch.unref();
  };
  alive();
  socket.on('ping', alive);
  if (signal.aborted) close();
  signal.addEventListener('abort', close, { once: true });
  socket.on('message', (data) => queue.push(data.toString()));
  socket.on('error', (error) => end(new FaultError(unreachable(to, error.message))));
  socket.on('close', (code, reason) => end(new FaultError(unreachable(to, `it closed: ${reason.toString() || code}`))));
  return { send: (text) => socket.send(text), messages: queue.messages, close };
}
