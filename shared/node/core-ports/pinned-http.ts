import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import type { HttpAnswer, HttpRequest } from '#shared/device/index.ts';
import { FaultError } from '#shared/kernel/index.ts';
import { silence, unreachable } from '#shared/node/pinned-tls.ts';

export interface HttpAddress {
  readonly host: string;
  readonly port: number;
}

/** Sends one request to one address; resolves when the head of the answer is there. Rejects with a FaultError. */
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
    sent.once('response', (stream) => resolve(toAnswer(stream)));
    sent.end(about.body);
  });
}

function toAnswer(stream: IncomingMessage): HttpAnswer {
  return {
    status: stream.statusCode ?? 0,
    header: (name) => {
      const value = stream.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body: stream,
    cancel: () => void stream.destroy(),
  };
}
