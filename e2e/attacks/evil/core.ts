/**
 * evil-core: a process with the TLS key of a core and nothing else of it. It lets every node in, answers its hello, and sends
 * what it is told to, in whatever order, as often and to whomever. Told and telling over the process's own channel.
 */
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  LINK_MAX_FRAME_BYTES,
  LINK_PATH,
  LINK_PROTOCOL,
  LINK_VERSION_HEADER,
  nodeToCoreSchema,
} from '#shared/contracts/link/messages.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { type EvilCoreEvent, type EvilCoreOrder, type EvilCoreStart, startedWith } from './core-channel.ts';

const start = await startedWith<EvilCoreStart>();
const nodes = new Map<string, WebSocket>();
const say = (event: EvilCoreEvent): void => void process.send?.(event);

const https = createServer({
  key: start.tlsKey,
  cert: start.tlsCert,
  minVersion: 'TLSv1.3',
  requestCert: true,
  rejectUnauthorized: false,
});
const sockets = new WebSocketServer({
  noServer: true,
  maxPayload: LINK_MAX_FRAME_BYTES,
  handleProtocols: () => LINK_PROTOCOL,
});
sockets.on('headers', (headers) => headers.push(`${LINK_VERSION_HEADER}: ${VERSION}`));
https.on('tlsClientError', () => undefined);
https.on('upgrade', (request, socket, head) => {
  const { url } = request;
  const hasCertificate = (socket as TLSSocket).getPeerX509Certificate() !== undefined;
  if (url !== LINK_PATH || !hasCertificate) return socket.destroy();
  sockets.handleUpgrade(request, socket, head, serve);
});

function serve(socket: WebSocket): void {
  let node: string | undefined;
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const read = nodeToCoreSchema.safeParse(JSON.parse(String(data)));
    if (!read.success) return say({ on: 'unreadable', text: String(data).slice(0, 100_000) });
    const message = read.data;
    if (message.type === 'hello') {
      node = message.node;
      nodes.set(node, socket);
      const nodeAuditSeq = 0;
      socket.send(JSON.stringify({ type: 'welcome', version: VERSION, coreAuditHead: null, nodeAuditSeq }));
    }
    // It keeps up the looks: what a node reports is acknowledged as a core would.
    if (message.type === 'outcome') socket.send(JSON.stringify({ type: 'outcome-ack', header: message.header }));
    if (message.type === 'audit') socket.send(JSON.stringify({ type: 'audit-ack', seq: lastSeq(message.entries) }));
    if (node !== undefined && message.type !== 'heartbeat') say({ on: 'message', node, message });
  });
  socket.on('close', (code) => {
    if (node === undefined) return;
    if (nodes.get(node) === socket) nodes.delete(node);
    say({ on: 'closed', node, code });
  });
}

function lastSeq(entries: readonly { payload: string }[]): number {
  const payload = Buffer.from(entries.at(-1)?.payload ?? '', 'base64').toString('utf8');
  return (JSON.parse(payload) as { seq: number }).seq;
}

process.on('message', (order: EvilCoreOrder) => {
  if (order.do === 'raw') nodes.get(order.node)?.send(order.text);
  if (order.do === 'hang-up') nodes.get(order.node)?.terminate();
});
process.on('disconnect', () => process.exit(0));
https.listen(start.port, start.host, () => say({ on: 'listening' }));
