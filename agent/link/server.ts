import { constants } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import {
  type CoreToNode,
  LINK_MAX_FRAME_BYTES,
  LINK_PATH,
  LINK_PROTOCOL,
  LINK_TRUST_PATH,
  LINK_VERSION_HEADER,
  type NodeToCore,
  nodeToCoreSchema,
} from '#shared/contracts/link/messages.ts';
import { type Fault, fault } from '#shared/kernel/index.ts';
import { trackServerSockets } from '#shared/node/server-sockets.ts';
import { peerSpki } from '#shared/node/tls-identity.ts';
import { createLinkConnection, type LinkConnection } from './connection.ts';
import { exchangeTrust, type TrustPort } from './trust-exchange.ts';
import { decideVersion } from './version-window.ts';

/** The core's end of one node's link: sends CoreToNode, receives NodeToCore; `peer` is the nodeId. */
export type CoreSideConnection = LinkConnection<CoreToNode, NodeToCore>;

export interface LinkServerOptions {
  /** PEM. */
  readonly tlsKey: string;
  readonly tlsCert: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly version: string;
  /** nodeId of the node whose add-node entry names this SPKI. */
  isKnownPeer(spki: string): string | undefined;
  /** A known node is connected; an older connection of the same node was closed just before. */
  onConnection(connection: CoreSideConnection): void;
  /** Exchange with strangers, see trust-exchange.ts. */
  readonly trust: TrustPort;
  /** Refused peers, for the core's log. */
  onRefused?(refusal: { fault: Fault; spki: string | null; address: string | null }): void;
  readonly pingEveryMs?: number;
  readonly deadAfterMs?: number;
  /** Most connections of peers that have not shown a known key; see server-sockets.ts. */
  readonly mostStrangers?: number;
}

export interface LinkServer {
  readonly port: number;
  /** By nodeId. */
  readonly connections: ReadonlyMap<string, CoreSideConnection>;
  close(): Promise<void>;
}

/** Strangers that may show their logs at a time. */
const MAX_EXCHANGES = 16;
/** Connections whose peer has not shown a known key, or not yet. */
const MAX_STRANGERS = 1_024;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Listens on 7444: mutual TLS only, known peers only, one `trust` message for others. Rejects when the port is taken. */
export async function createLinkServer(options: LinkServerOptions): Promise<LinkServer> {
  const connections = new Map<string, CoreSideConnection>();
  let strangers = 0;
  const https = createServer({
    key: options.tlsKey,
    cert: options.tlsCert,
    minVersion: 'TLSv1.3',
    requestCert: true,
    // Issuer and dates are not authority: the peer's key is looked up in the trust log below.
    rejectUnauthorized: false,
    // A resumed session would not prove the key again.
    secureOptions: constants.SSL_OP_NO_TICKET,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    headersTimeout: HANDSHAKE_TIMEOUT_MS,
    requestTimeout: HANDSHAKE_TIMEOUT_MS,
    maxHeaderSize: 8 * 1024,
  });
  const sockets = trackServerSockets(https, {
    mostStrangers: options.mostStrangers ?? MAX_STRANGERS,
    onPushedOut: (address) => options.onRefused?.({ fault: pushedOut(), spki: null, address }),
  });
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: LINK_MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(LINK_PROTOCOL) ? LINK_PROTOCOL : false),
  });
  webSockets.on('headers', (headers) => headers.push(`${LINK_VERSION_HEADER}: ${options.version}`));

  https.on('secureConnection', (socket) => {
    if (peerSpki(socket) !== undefined) return;
    options.onRefused?.({ fault: noCertificate(), spki: null, address: socket.remoteAddress ?? null });
    socket.destroy();
  });
  https.on('request', (_request, response) => response.writeHead(404, { connection: 'close' }).end());
  https.on('upgrade', (request, socket, head) => {
    const spki = peerSpki(socket as TLSSocket);
    if (spki === undefined) return socket.destroy();
    const refuse = (status: number, why: Fault): void => {
      options.onRefused?.({ fault: why, spki, address: request.socket.remoteAddress ?? null });
      refuseUpgrade(socket, status, why, options.version);
    };
    if (request.headers['sec-websocket-protocol'] !== LINK_PROTOCOL) return refuse(426, wrongProtocol());
    const version = request.headers[LINK_VERSION_HEADER];
    const fits = decideVersion(options.version, typeof version === 'string' ? version : undefined);
    if (!fits.ok) return refuse(426, fits.error);
    if (request.url === LINK_TRUST_PATH) {
      if (strangers >= MAX_EXCHANGES) return refuse(503, tooManyStrangers());
      strangers += 1;
      webSockets.handleUpgrade(request, socket, head, async (webSocket) => {
        webSocket.once('close', () => {
          strangers -= 1;
        });
        const result = await exchangeTrust(webSocket, spki, options.trust, 'listens');
        if (!result.ok) options.onRefused?.({ fault: result.error, spki, address: null });
        setTimeout(() => webSocket.terminate(), HANDSHAKE_TIMEOUT_MS).unref();
      });
      return;
    }
    const nodeId = request.url === LINK_PATH ? options.isKnownPeer(spki) : undefined;
    if (nodeId === undefined) return refuse(403, unknownPeer(spki));
    sockets.admit(request.socket);
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      // The newest wins: a node that lost its network dials again long before its old connection is seen as dead.
      connections.get(nodeId)?.close(replaced());
      const connection: CoreSideConnection = createLinkConnection(webSocket, {
        peer: nodeId,
        incoming: nodeToCoreSchema,
        ...(options.pingEveryMs === undefined ? {} : { pingEveryMs: options.pingEveryMs }),
        ...(options.deadAfterMs === undefined ? {} : { deadAfterMs: options.deadAfterMs }),
      });
      connections.set(nodeId, connection);
      webSocket.once('close', () => {
        if (connections.get(nodeId) === connection) connections.delete(nodeId);
      });
      options.onConnection(connection);
    });
  });

  await new Promise<void>((resolve, reject) => {
    https.once('error', reject);
    https.listen(options.port, options.host, resolve);
  });
  https.on('error', () => {});
  https.on('tlsClientError', () => {});
  return {
    port: (https.address() as AddressInfo).port,
    connections,
    close: () =>
      new Promise((resolve) => {
        for (const connection of connections.values()) connection.close();
        for (const client of webSockets.clients) client.terminate();
        https.close(() => resolve());
        sockets.destroyAll();
      }),
  };
}

function refuseUpgrade(socket: Duplex, status: number, why: Fault, version: string): void {
  const body = JSON.stringify(why);
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\n${LINK_VERSION_HEADER}: ${version}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  // Give the answer a moment to leave, then take the socket back from a peer that keeps it open.
  setTimeout(() => socket.destroy(), 2_000).unref();
}

function unknownPeer(spki: string): Fault {
  return fault(
    'link.unknown-peer',
    'denied',
    `No node with TLS key ${spki} stands in the fleet's trust log.`,
    'Enrol the node: `overseer nodes token` on a device, then `overseer node join TOKEN` there.',
    { detail: { spki } },
  );
}

function noCertificate(): Fault {
  return fault(
    'link.no-certificate',
    'denied',
    'A client without a certificate was turned away from the link port.',
    'Nothing: only nodes belong on this port. Browsers and devices use the HTTPS port.',
  );
}

function wrongProtocol(): Fault {
  return fault(
    'link.version',
    'permanent',
    `The other side does not speak ${LINK_PROTOCOL}.`,
    'Update the older side, one minor version at a time.',
  );
}

function pushedOut(): Fault {
  return fault(
    'link.flooded',
    'transient',
    'The link port has as many connections of unknown peers as it takes: the oldest of whoever has most was closed.',
    'See who keeps connecting from this address, and close the port to it in the firewall.',
  );
}

function tooManyStrangers(): Fault {
  return fault(
    'link.busy',
    'transient',
    'Too many unknown peers are presenting trust logs at once.',
    'Nothing: the node dials again by itself.',
  );
}

function replaced(): Fault {
  return fault(
    'link.replaced',
    'transient',
    'The same node connected again.',
    'Nothing, unless it repeats: then two machines run with one copied node identity; enrol the second anew.',
  );
}
