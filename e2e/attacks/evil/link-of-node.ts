import { connect } from 'node:tls';
import WebSocket from 'ws';
import { LINK_PATH, LINK_PROTOCOL, LINK_TRUST_PATH, LINK_VERSION_HEADER } from '#shared/contracts/link/messages.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import type { Envelope } from '#shared/trust/index.ts';
import type { KeyPair } from './certificates.ts';

/** Where a core's link listens. */
export interface LinkPlace {
  readonly host: string;
  readonly port: number;
}

/** Dials the link with the keys of a node; `path` for another door of it. */
export const dialLink = ({ host, port }: LinkPlace, pair: KeyPair, path = LINK_PATH): WebSocket =>
  new WebSocket(`ws://${host}:${port}${path}`, [LINK_PROTOCOL], {
    createConnection: () => connect({ host, port, ...pair, rejectUnauthorized: false }),
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

/** The first message of a node that has nothing, or nothing but the log up to this head. */
export function helloOf(nodeId: string, trustHead = none): string {
  const about = { version: VERSION, node: nodeId, session: nodeId, trustHead, nodeAuditHead: null };
  return JSON.stringify({ type: 'hello', ...about, nodeAuditSeq: 0, floors: [], facts });
}

/** Shows a core this log as a stranger does; done when it has answered with its own. */
export function presentLog(place: LinkPlace, pair: KeyPair, entries: readonly Envelope[]): Promise<void> {
  const socket = dialLink(place, pair, LINK_TRUST_PATH);
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 'trust', entries })));
    socket.on('message', () => resolve());
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the core hung up')));
  });
}
