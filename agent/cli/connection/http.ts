import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { FaultError } from '#shared/kernel/index.ts';
import { silence, unreachable } from '#shared/node/pinned-tls.ts';

export interface HttpAddress {
  readonly host: string;
  readonly port: number;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
  /** Silence after which the request counts as lost, in milliseconds. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly stream: IncomingMessage;
}

/** Sends one request; resolves when the head of the answer is there. Rejects with a FaultError. */
export function sendHttp(agent: Agent, to: HttpAddress, about: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({
      agent,
      host: to.host,
      port: to.port,
      method: about.method,
      path: about.path,
      headers: {
        ...about.headers,
        ...(about.body === undefined ? {} : { 'content-length': Buffer.byteLength(about.body) }),
      },
      signal: about.signal,
      timeout: about.timeoutMs,
    });
    sent.once('timeout', () => sent.destroy(new FaultError(unreachable(to, silence(about)))));
    sent.once('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof FaultError || error.name === 'AbortError') reject(error);
      else reject(new FaultError(unreachable(to, error.code ?? error.message)));
    });
    sent.once('response', (stream) => resolve({ status: stream.statusCode ?? 0, headers: stream.headers, stream }));
    sent.end(about.body);
  });
}

/** Largest answer taken whole, in bytes. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Reads an answer whole. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new RangeError(`the core's answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
