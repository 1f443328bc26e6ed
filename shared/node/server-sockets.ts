import type { Server, Socket } from 'node:net';

/**
 * Knows every connection of a server from its first byte on. Node's own `closeAllConnections` knows only those that have
 * begun a request: one that is still shaking hands, or was upgraded, would keep `close` waiting for ever.
 */
export function trackSockets(server: Server): { destroyAll(): void } {
  const open = new Set<Socket>();
  let closing = false;
  server.on('connection', (socket: Socket) => {
    if (closing) {
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    destroyAll() {
      closing = true;
      for (const socket of open) socket.destroy();
    },
  };
}
