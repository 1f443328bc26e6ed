import { type IncomingMessage, request } from 'node:http';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { peerSpki } from './tls-identity.ts';

export interface PinnedRequest {
  readonly host: string;
  readonly port: number;
  /** hex SHA-256 of the key the server must hold. */
  readonly spki: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeoutMs: number;
  readonly maxAnswerBytes?: number;
  readonly signal?: AbortSignal;
}

export interface PinnedAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * One HTTPS request to a core that is known by its key. The key is compared before a byte is sent.
 * Faults: `core.unreachable` (transient), `core.wrong-key` (denied).
 */
export async function requestPinned(options: PinnedRequest): Promise<Result<PinnedAnswer>> {
  const opened = await openPinnedTls(options);
  if (!opened.ok) return opened;
  const tls = opened.value;
  return new Promise((resolve) => {
    const settle = (result: Result<PinnedAnswer>): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      tls.destroy();
      resolve(result);
    };
    const abort = (): void => settle(err(unreachable(options, 'stopped')));
    const timer = setTimeout(() => settle(err(unreachable(options, slow(options)))), options.timeoutMs);
    options.signal?.addEventListener('abort', abort, { once: true });
    const outgoing = request({
      createConnection: () => tls,
      host: options.host,
      port: options.port,
      method: options.method,
      path: options.path,
      headers: { ...options.headers, connection: 'close' },
    });
    outgoing.on('error', (error) => settle(err(unreachable(options, error.message))));
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > (options.maxAnswerBytes ?? MAX_ANSWER_BYTES)) {
          settle(err(unreachable(options, 'the answer is too large')));
          return;
        }
        chunks.push(chunk);
      });
      response.on('error', (error) => settle(err(unreachable(options, error.message))));
      response.on('end', () =>
        settle(ok({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })),
      );
    });
    outgoing.end(options.body);
  });
}

/** A TLS connection to a server that proved to hold the key `spki`; also for WebSockets over it. */
export function openPinnedTls(
  options: Pick<PinnedRequest, 'host' | 'port' | 'spki' | 'timeoutMs' | 'signal'>,
): Promise<Result<TLSSocket>> {
  return new Promise((resolve) => {
    const settle = (result: Result<TLSSocket>): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      if (!result.ok) tls.destroy();
      resolve(result);
    };
    const abort = (): void => settle(err(unreachable(options, 'stopped')));
    const timer = setTimeout(() => settle(err(unreachable(options, slow(options)))), options.timeoutMs);
    const tls = connect({
      host: options.host,
      port: options.port,
      // Self-signed: Node never calls checkServerIdentity for those, so the key is compared here.
      rejectUnauthorized: false,
      ...(isIP(options.host) === 0 ? { servername: options.host } : {}),
    });
    // Stays for the socket's whole life: a late reset must not end the process.
    tls.on('error', (error) => settle(err(unreachable(options, error.message))));
    options.signal?.addEventListener('abort', abort, { once: true });
    tls.once('secureConnect', () => {
      const shown = peerSpki(tls);
      settle(shown === options.spki ? ok(tls) : err(wrongKey(options, shown)));
    });
  });
}

function slow(options: { timeoutMs: number }): string {
  return `no answer in ${options.timeoutMs / 1000} s`;
}

function unreachable(options: { host: string; port: number }, why: string): Fault {
  return fault(
    'core.unreachable',
    'transient',
    `The core does not answer at ${options.host}:${options.port}: ${why}.`,
    'Check that `overseer core start` runs there, and the address, port and firewall between.',
    { detail: { host: options.host, port: String(options.port) } },
  );
}

function wrongKey(options: { host: string; port: number; spki: string }, shown: string | undefined): Fault {
  return fault(
    'core.wrong-key',
    'denied',
    `${options.host}:${options.port} shows key ${shown ?? 'none'}, expected ${options.spki}.`,
    'Check that the address belongs to your core. If it does, something stands in between: do not go on.',
    { detail: { shown: shown ?? '', expected: options.spki } },
  );
}
