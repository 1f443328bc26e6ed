import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { API_PREFIX, hashSchema, STREAM_PROTOCOL } from '#shared/contracts/rest/index.ts';
import { SYNC_MAX_FRAME_BYTES, SYNC_PROTOCOL } from '#shared/contracts/sync/messages.ts';
import { type Fault, fault } from '#shared/kernel/index.ts';
import type { Core } from '../core.ts';
import { serveStream } from '../link/serve-stream.ts';
import type { Session } from '../sessions/session-book.ts';
import { serveReplica } from '../sync/serve-replica.ts';
import { noSession } from './handlers.ts';
import { checkOrigin } from './origin.ts';
import { faultToProblem, PROBLEM_MEDIA_TYPE } from './problems.ts';

const PING_MS = 15_000;

export interface WebSockets {
  /** `admit` is called once the ticket holds. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, admit: () => void): void;
  close(): void;
}

/** The WebSockets of 7443. Each opens by a single-use ticket; the subprotocol must be the one of its path. */
export function createWebSockets(core: Core): WebSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: SYNC_MAX_FRAME_BYTES, perMessageDeflate: false });
  const pinger = setInterval(() => pingAll(server), PING_MS);
  pinger.unref();
  return {
    onUpgrade(request, socket, head, admit) {
      const foreign = checkOrigin(request.headers);
      if (foreign !== undefined) return refuseUpgrade(socket, foreign);
      // `parse`, for what comes from a stranger: with `new URL`, one line `GET //` would end the core.
      const url = URL.parse(request.url ?? '/', 'https://core');
      const route = url === null ? undefined : routeOf(url.pathname);
      if (url === null || route === undefined) return refuseUpgrade(socket, unknownPath(request.url ?? '/'));
      if (request.headers['sec-websocket-protocol'] !== route.protocol)
        return refuseUpgrade(socket, wrongProtocol(route.protocol));
      const session = core.sessions.useTicket(url.searchParams.get('ticket') ?? '');
      if (session === undefined) return refuseUpgrade(socket, noSession());
      admit();
      server.handleUpgrade(request, socket, head, (webSocket) => {
        endWithSession(core, webSocket, session);
        markAlive(webSocket);
        if (route.stream === null) serveReplica(core, webSocket, session);
        else serveStream(core, webSocket, route.stream, session);
      });
    },
    close() {
      clearInterval(pinger);
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

function routeOf(path: string): { protocol: string; stream: string | null } | undefined {
  if (path === `${API_PREFIX}/sync`) return { protocol: SYNC_PROTOCOL, stream: null };
  const prefix = `${API_PREFIX}/streams/`;
  const stream = path.slice(prefix.length);
  if (path.startsWith(prefix) && hashSchema.safeParse(stream).success) return { protocol: STREAM_PROTOCOL, stream };
  return undefined;
}

const alive = new WeakSet<WebSocket>();

function markAlive(webSocket: WebSocket): void {
  alive.add(webSocket);
  webSocket.on('pong', () => alive.add(webSocket));
  webSocket.on('error', () => webSocket.terminate());
}

function pingAll(server: WebSocketServer): void {
  for (const client of server.clients) {
    if (!alive.has(client)) client.terminate();
    else {
      alive.delete(client);
      client.ping();
    }
  }
}

/** 4401: the reader opens a new session and comes again. 4403: it does not count any more. */
function endWithSession(core: Core, webSocket: WebSocket, session: Session): void {
  const timer = setTimeout(() => webSocket.close(4401, 'session.required'), session.expiresAtMs - core.clock.nowMs());
  timer.unref();
  const end = (): void => webSocket.close(4403, 'trust.revoked');
  session.ended.addEventListener('abort', end, { once: true });
  webSocket.on('close', () => {
    clearTimeout(timer);
    session.ended.removeEventListener('abort', end);
  });
}

function refuseUpgrade(socket: Duplex, why: Fault): void {
  const problem = faultToProblem(why);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} Refused\r\nConnection: close\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function unknownPath(path: string): Fault {
  return fault(
    'request.not-found',
    'permanent',
    `There is no WebSocket at ${path.slice(0, 200)}.`,
    'See /api/v1/openapi.json.',
  );
}

function wrongProtocol(protocol: string): Fault {
  return fault(
    'request.wrong-protocol',
    'permanent',
    `This WebSocket speaks ${protocol}.`,
    'Ask for that subprotocol, or update the older side.',
    {
      field: 'sec-websocket-protocol',
    },
  );
}
