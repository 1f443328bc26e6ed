import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * Requests of one connection that may be unanswered at a time. HTTP/1.1 lets a client send more before it reads (RFC 9112
 * §9.3.2); browsers and our own programs send one. Node reads all that came in one piece, hundreds in a TLS record, and
 * keeps each until the one before it is read: without this a stranger makes the core hold megabytes a connection.
 */
const MOST_UNANSWERED = 8;

/** TLS 1.3 with this key (PEM), for Fastify. A connection with too many unanswered requests is closed. */
export function createHttpsServer(tls: { key: string; cert: string }, handle: RequestListener): Server {
  const unanswered = new WeakMap<Socket, number>();
  const server = createServer({ ...tls, minVersion: 'TLSv1.3', handshakeTimeout: 10_000 }, (request, response) => {
    const { socket } = request;
    const count = (unanswered.get(socket) ?? 0) + 1;
    unanswered.set(socket, count);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    if (count > MOST_UNANSWERED) socket.destroy();
    else handle(request, response);
  });
  server.requestTimeout = 60_000;
  // As Fastify would: longer than most proxies wait before they use a connection again.
  server.keepAliveTimeout = 72_000;
  return server;
}
