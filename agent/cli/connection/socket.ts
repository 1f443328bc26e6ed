import WebSocket from 'ws';
import { err, FaultError, ok, type Result } from '#shared/kernel/index.ts';
import { type Pin, unreachable } from '#shared/node/pinned-tls.ts';
import { type CoreClient, errorToFault } from './core-client.ts';
import { createPinnedAgent } from './pinned-agent.ts';

/** A WebSocket to the core that speaks JSON messages. */
export interface CoreSocket {
  send(message: object): void;
  /** Parsed JSON messages until the socket closes; throws a FaultError when it closes before `close` was called. */
  readonly messages: AsyncIterable<unknown>;
  close(): void;
}

/** Opens a WebSocket with a single-use ticket, so that no session ever stands in a URL. */
export async function openCoreSocket(
  client: CoreClient,
  about: { pin: Pin; path: string; protocol: string; maxFrameBytes: number; signal: AbortSignal },
): Promise<Result<CoreSocket>> {
  const ticket = await client.call('createTicket', { body: {} });
  if (!ticket.ok) return ticket;
  const { host, port } = client.address;
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const socket = new WebSocket(`wss://${authority}${about.path}?ticket=${ticket.value.ticket}`, about.protocol, {
    agent: createPinnedAgent(about.pin),
    perMessageDeflate: false,
    maxPayload: about.maxFrameBytes,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', (error) =>
        reject(error instanceof FaultError ? error : new FaultError(unreachable({ host, port }, error.message))),
      );
    });
  } catch (error) {
    return err(errorToFault(error));
  }
  return ok(wrap(socket, host, port, about.signal));
}

function wrap(socket: WebSocket, host: string, port: number, signal: AbortSignal): CoreSocket {
  const queue: unknown[] = [];
  let ended = false;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  const end = (error?: Error): void => {
    failure ??= ended ? undefined : error;
    ended = true;
    signal.removeEventListener('abort', close);
    wake();
  };
  const close = (): void => {
    end();
    socket.close();
    // A core that never answers the closing handshake must not keep this process.
    setTimeout(() => socket.terminate(), 1_000).unref();
  };
  signal.addEventListener('abort', close, { once: true });
  socket.on('message', (data) => {
    queue.push(data.toString());
    wake();
  });
  socket.on('error', (error) => end(new FaultError(unreachable({ host, port }, error.message))));
  socket.on('close', (code, reason) =>
    end(new FaultError(unreachable({ host, port }, `it closed: ${reason.toString() || code}`))),
  );
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    close,
    messages: {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          while (queue.length > 0) yield JSON.parse(String(queue.shift()));
          if (ended) break;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (failure) throw failure;
      },
    },
  };
}
