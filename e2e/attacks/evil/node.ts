/**
 * evil-node: a process with the keys of a node that does what no node may: it answers every message by telling the core
 * what lies on its disk. The probe that looks for such words is proven by it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import WebSocket from 'ws';
import { LINK_PATH, LINK_PROTOCOL, LINK_VERSION_HEADER } from '#shared/contracts/link/messages.ts';
import { VERSION } from '#shared/contracts/versions.ts';

const [host = '', port = '', disk = '', nodeId = ''] = process.argv.slice(2);
const identity = readFileSync(join(disk, 'identity.json'), 'utf8');
const { tlsKey: key, tlsCert: cert } = JSON.parse(identity) as { tlsKey: string; tlsCert: string };
const socket = new WebSocket(`ws://${host}:${port}${LINK_PATH}`, [LINK_PROTOCOL], {
  createConnection: () => connect({ host, port: Number(port), key, cert, rejectUnauthorized: false }),
  headers: { [LINK_VERSION_HEADER]: VERSION },
});
const facts = {
  version: VERSION,
  os: 'evil',
  kernel: '6',
  arch: 'x64',
  hostname: 'a',
  cpuCount: 1,
  cpuLoad: 0,
  memoryTotalBytes: 1,
  memoryUsedBytes: 1,
  diskTotalBytes: 1,
  diskFreeBytes: 1,
  dockerVersion: null,
  composeVersion: null,
  uptimeSeconds: 1,
};
const none = '0'.repeat(64);
socket.on('open', () => {
  const about = { version: VERSION, node: nodeId, session: nodeId, trustHead: none, nodeAuditHead: null };
  socket.send(JSON.stringify({ type: 'hello', ...about, nodeAuditSeq: 0, floors: [], facts }));
});
socket.on('message', () => socket.send(JSON.stringify({ type: 'told', what: identity })));
socket.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
