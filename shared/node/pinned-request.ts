import { type IncomingMessage, request } from 'node:http';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import { openPinnedTls, silence, unreachable } from './pinned-tls.ts';

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
  const opened = await openPinnedTls({ ...options, accepts: (spki) => spki === options.spki });
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
    const timer = setTimeout(() => settle(err(unreachable(options, silence(options)))), options.timeoutMs);
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
