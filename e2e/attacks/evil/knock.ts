import { connect } from 'node:tls';
import WebSocket from 'ws';
import { LINK_PATH, LINK_PROTOCOL, LINK_VERSION_HEADER } from '#shared/contracts/link/messages.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import type { KeyPair } from './certificates.ts';

/** Knocks at the link port of a core, with a key pair or none: what came back, and whether the link was opened. */
export function knock(
  at: { host: string; port: number },
  pair: KeyPair | undefined,
): Promise<{ opened: boolean; saw: string; tookMs: number }> {
  const from = performance.now();
  return new Promise((resolve) => {
    const tls = connect({ ...at, minVersion: 'TLSv1.3', rejectUnauthorized: false, ...pair });
    const socket = new WebSocket(`ws://${at.host}:${at.port}${LINK_PATH}`, [LINK_PROTOCOL], {
      createConnection: () => tls,
      headers: { [LINK_VERSION_HEADER]: VERSION },
      handshakeTimeout: 10_000,
    });
    const end = (opened: boolean, saw: string) => {
      socket.on('error', () => undefined);
      socket.terminate();
      tls.destroy();
      resolve({ opened, saw, tookMs: performance.now() - from });
    };
    tls.on('error', (error) => end(false, error.message));
    tls.on('close', () => end(false, 'the core hung up'));
    socket.on('error', (error) => end(false, error.message));
    socket.on('unexpected-response', (_request, response) => end(false, `answer ${response.statusCode}`));
    socket.on('open', () => end(true, 'the link is open'));
  });
}
