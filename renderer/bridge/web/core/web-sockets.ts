import { createMessageQueue, type Socket, type SocketPort, type SocketRequest } from '#shared/device/index.ts';
import { FaultError } from '#shared/kernel/index.ts';
import { unreachable } from './fetch-http.ts';

/** WebSockets to the core that this page came from. */
export function createWebSockets(origin: string): SocketPort {
  return {
    async open(request) {
      const url = new URL(request.path, origin);
      url.protocol = 'wss:';
      // Good once and for 30 s: nothing that a log could keep is worth anything later.
      url.searchParams.set('ticket', request.ticket);
      const socket = new WebSocket(url, request.protocol);
      await opened(socket, request.signal);
      return wrap(socket, request);
    },
  };
}

/** A host that does not answer at all keeps a browser trying for minutes; whoever gave up waits for none of them. */
function opened(socket: WebSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => {
      signal.removeEventListener('abort', giveUp);
      reject(new FaultError(unreachable(why)));
    };
    const giveUp = (): void => {
      refuse('it was given up');
      socket.close();
    };
    socket.onopen = () => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    socket.onerror = () => refuse('the connection was refused');
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
  });
}

function wrap(socket: WebSocket, { signal, maxFrameBytes }: SocketRequest): Socket {
  const queue = createMessageQueue<string>();
  const end = (error?: Error): void => {
    signal.removeEventListener('abort', close);
    queue.end(error);
  };
  const close = (): void => {
    end();
    socket.close();
  };
  if (signal.aborted) close();
  signal.addEventListener('abort', close, { once: true });
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string' && data.length <= maxFrameBytes) return queue.push(data);
    end(new FaultError(unreachable('it sent what does not fit')));
    socket.close();
  };
  socket.onclose = ({ code, reason }) => end(new FaultError(unreachable(`it closed: ${reason || code}`)));
  return { send: (text) => socket.send(text), messages: queue.messages, close };
}
