import { Agent, type AgentOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { unwrap } from '#shared/kernel/index.ts';
import { openPinnedTls, type Pin } from '#shared/node/pinned-tls.ts';

const CONNECT_TIMEOUT_MS = 6_000;

/** An HTTPS agent that sends nothing before the server's key was compared. Its connections fail with a FaultError. */
export function createPinnedAgent(pin: Pin): Agent {
  return new PinnedAgent(pin);
}

class PinnedAgent extends Agent {
  private readonly pin: Pin;
  constructor(pin: Pin) {
    super({ keepAlive: true, maxCachedSessions: 0 } satisfies AgentOptions);
    this.pin = pin;
  }
  override createConnection(options: object, callback?: (error: Error | null, socket: TLSSocket) => void): undefined {
    const { host, port } = options as { host?: string | null; port?: number | string | null };
    const about = {
      host: host ?? 'localhost',
      port: Number(port ?? 443),
      accepts: this.pin,
      timeoutMs: CONNECT_TIMEOUT_MS,
    };
    openPinnedTls(about)
      .then(unwrap)
      .then(
        (socket) => callback?.(null, socket),
        (error: Error) => callback?.(error, undefined as never),
      );
    return undefined;
  }
}
