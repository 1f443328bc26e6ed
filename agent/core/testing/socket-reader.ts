import type WebSocket from 'ws';

/** A WebSocket whose messages can be awaited one by one. */
export interface SocketReader {
  readonly socket: WebSocket;
  send(message: object): void;
  readonly queue: unknown[];
  wake: () => void;
}

/** Begins to keep the messages of a socket. */
export function readSocket(socket: WebSocket): SocketReader {
  const reader: SocketReader = {
    socket,
    queue: [],
    wake: () => {},
    send: (message) => socket.send(JSON.stringify(message)),
  };
  socket.on('message', (data) => {
    reader.queue.push(JSON.parse(String(data)));
    reader.wake();
  });
  return reader;
}

/** The next message; the test's own time limit ends the wait. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
export async function nextMessage(reader: SocketReader): Promise<any> {
  while (reader.queue.length === 0) {
    await new Promise<void>((resolve) => {
      reader.wake = resolve;
    });
  }
  return reader.queue.shift();
}
