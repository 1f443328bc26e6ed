import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import WebSocket from 'ws';
import { faultSchema } from '#shared/contracts/errors/fault-schema.ts';
import { LINK_MAX_FRAME_BYTES, LINK_PROTOCOL, LINK_VERSION_HEADER } from '#shared/contracts/link/messages.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { peerSpki } from '#shared/node/tls-identity.ts';
import { decideVersion } from './version-window.ts';

export interface DialOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly tlsKey: string;
  readonly tlsCert: string;
  readonly version: string;
  /** Whether this key is the core's. `link.unknown-core` when not, before any byte of ours is sent. */
  isExpected(spki: string): boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Dialled {
  readonly socket: WebSocket;
  readonly spki: string;
}

/** Opens one WebSocket over mutual TLS. Faults: `link.unreachable`, `link.unknown-core`, `link.unknown-peer`, `link.version`. */
export async function dialLink(options: DialOptions): Promise<Result<Dialled>> {
  const secured = await openTls(options);
  if (!secured.ok) return secured;
  const { tls, spki } = secured.value;
  return new Promise((resolve) => {
    const settle = (result: Result<Dialled>): void => {
      options.signal.removeEventListener('abort', abort);
      socket.removeListener('error', failed);
      if (!result.ok) tls.destroy();
      resolve(result);
    };
    const failed = (error: Error): void => settle(err(unreachable(options, error.message)));
    const abort = (): void => {
      socket.on('error', () => {});
      settle(err(unreachable(options, 'stopped')));
    };
    const host = isIP(options.host) === 6 ? `[${options.host}]` : options.host;
    const socket = new WebSocket(`ws://${host}:${options.port}${options.path}`, [LINK_PROTOCOL], {
      createConnection: () => tls,
      handshakeTimeout: options.timeoutMs,
      maxPayload: LINK_MAX_FRAME_BYTES,
      perMessageDeflate: false,
      headers: { [LINK_VERSION_HEADER]: options.version },
    });
    let peerVersion: string | undefined;
    socket.on('upgrade', (response) => {
      peerVersion = headerOf(response);
    });
    socket.on('unexpected-response', (_request, response) => {
      void readRefusal(response).then((why) =>
        settle(err(why ?? unreachable(options, `answer ${response.statusCode}`))),
      );
    });
    socket.on('error', failed);
    options.signal.addEventListener('abort', abort, { once: true });
    socket.on('open', () => {
      const fits = decideVersion(options.version, peerVersion);
      if (fits.ok) return settle(ok({ socket, spki }));
      socket.on('error', () => {});
      settle(fits);
    });
  });
}

function openTls(options: DialOptions): Promise<Result<{ tls: TLSSocket; spki: string }>> {
  return new Promise((resolve) => {
    const settle = (result: Result<{ tls: TLSSocket; spki: string }>): void => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', abort);
      if (!result.ok) tls.destroy();
      resolve(result);
    };
    const abort = (): void => settle(err(unreachable(options, 'stopped')));
    const timer = setTimeout(
      () => settle(err(unreachable(options, `no answer in ${options.timeoutMs / 1000} s`))),
      options.timeoutMs,
    );
    const tls = connect({
      host: options.host,
      port: options.port,
      key: options.tlsKey,
      cert: options.tlsCert,
      minVersion: 'TLSv1.3',
      // The core is known by its key, compared below before a byte is sent; checkServerIdentity is never called for
      // self-signed certificates.
      rejectUnauthorized: false,
      ...(isIP(options.host) === 0 ? { servername: options.host } : {}),
    });
    // Stays for the socket's whole life: without it a late reset would end the process.
    tls.on('error', (error) => settle(err(unreachable(options, error.message))));
    options.signal.addEventListener('abort', abort, { once: true });
    tls.once('secureConnect', () => {
      const spki = peerSpki(tls);
      if (spki !== undefined && options.isExpected(spki)) settle(ok({ tls, spki }));
      else settle(err(unknownCore(options, spki)));
    });
  });
}

function headerOf(response: IncomingMessage): string | undefined {
  const value = response.headers[LINK_VERSION_HEADER];
  return typeof value === 'string' ? value : undefined;
}

async function readRefusal(response: IncomingMessage): Promise<Fault | undefined> {
  let text = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk;
      if (text.length > 16_384) return undefined;
    }
    const parsed = faultSchema.safeParse(JSON.parse(text));
    return parsed.success ? (parsed.data as Fault) : undefined;
  } catch {
    return undefined;
  }
}

function unreachable(options: DialOptions, why: string): Fault {
  return fault(
    'link.unreachable',
    'transient',
    `The core does not answer at ${options.host}:${options.port}: ${why}.`,
    'Nothing if the core is restarting: the node keeps trying. Else check the address, the port and the firewall.',
    { detail: { host: options.host, port: String(options.port) } },
  );
}

function unknownCore(options: DialOptions, spki: string | undefined): Fault {
  return fault(
    'link.unknown-core',
    'denied',
    `${options.host}:${options.port} shows key ${spki ?? 'none'}, which is not this fleet's core.`,
    'If the core was rebuilt, sign its new key on an owner device; else something stands between node and core.',
    { detail: { spki: spki ?? '' } },
  );
}
