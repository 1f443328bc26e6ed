import type { HttpAnswer, HttpPort, HttpRequest } from '#shared/device/index.ts';
import { type Fault, FaultError, fault } from '#shared/kernel/index.ts';

/**
 * HTTPS to the core that this page came from: the browser has checked its certificate, and the page's policy allows no
 * other host.
 */
export function createFetchHttp(origin: string): HttpPort {
  const ended = new AbortController();
  return {
    close: () => ended.abort(),
    async send(request) {
      const silent = createSilence(request.timeoutMs);
      const signal = AbortSignal.any([request.signal, ended.signal, silent.signal]);
      try {
        const response = await fetch(new URL(request.path, origin), {
          method: request.method,
          headers: request.headers,
          signal,
          cache: 'no-store',
          // Sessions travel in a header: what the browser would add by itself is never wanted.
          credentials: 'omit',
          redirect: 'error',
          ...(request.body === undefined ? {} : { body: request.body }),
        });
        silent.heard();
        return toAnswer(response, request, silent);
      } catch (error) {
        silent.end();
        throw toError(error, request);
      }
    },
  };
}

interface Silence {
  readonly signal: AbortSignal;
  heard(): void;
  end(): void;
}

/** Aborts when nothing is heard for so long; 0 waits for ever. */
function createSilence(timeoutMs: number): Silence {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    if (timeoutMs > 0) timer = setTimeout(() => late.abort(), timeoutMs);
  };
  heard();
  return { signal: late.signal, heard, end: () => clearTimeout(timer) };
}

function toAnswer(response: Response, request: HttpRequest, silent: Silence): HttpAnswer {
  const reader = response.body?.getReader();
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const part = await reader?.read();
        if (!part || part.done) return;
        silent.heard();
        yield part.value;
      }
    } catch (error) {
      throw toError(error, request);
    } finally {
      silent.end();
    }
  }
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: read(),
    cancel() {
      silent.end();
      reader?.cancel().catch(() => undefined);
    },
  };
}

function toError(error: unknown, request: HttpRequest): unknown {
  // Whoever ended it gets his own word back; all else is a core that was not reached.
  if (request.signal.aborted) return error;
  return new FaultError(
    unreachable(error instanceof Error && error.name !== 'AbortError' ? error.message : 'no answer'),
  );
}

/** The fault of a core that the browser could not reach. */
export function unreachable(why: string): Fault {
  return fault(
    'core.unreachable',
    'transient',
    `the core does not answer (${why})`,
    'It is tried again by itself. Check that the core runs and that this computer reaches it.',
  );
}
