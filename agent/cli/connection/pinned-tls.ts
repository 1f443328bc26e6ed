import { createHash } from 'node:crypto';
import { Agent, type AgentOptions } from 'node:https';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { FaultError, fault } from '#shared/kernel/index.ts';

/** Says whether a server with this key (hex SHA-256 of its SubjectPublicKeyInfo) is the core we mean. */
export type Pin = (spkiSha256: string) => boolean;

const CONNECT_TIMEOUT_MS = 6_000;

/**
 * A TLS connection on which no byte of ours has travelled before the server's key was compared. Names and dates of
 * the certificate are no authority here: the key in the trust log is, so Node's own verification is switched off.
 */
export function connectPinned(host: string, port: number, pin: Pin): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['http/1.1'],
      ...(isIP(host) ? {} : { servername: host }),
    });
    const timer = setTimeout(() => fail(unreachable(host, port, 'it did not answer in time')), CONNECT_TIMEOUT_MS);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    socket.once('error', (error: NodeJS.ErrnoException) => fail(unreachable(host, port, error.code ?? error.message)));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      const spki = certificate?.publicKey.export({ type: 'spki', format: 'der' });
      const hash = spki ? createHash('sha256').update(spki).digest('hex') : '';
      if (!spki || !pin(hash)) return fail(wrongKey(host, port, hash));
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

/** An HTTPS agent whose every connection is made by connectPinned. */
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
    connectPinned(host ?? 'localhost', Number(port ?? 443), this.pin).then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as never),
    );
    return undefined;
  }
}

/** The fault of a core that could not be reached at one address. */
export function unreachable(host: string, port: number, why: string): FaultError {
  return new FaultError(
    fault(
      'core.unreachable',
      'transient',
      `the core at ${host}:${port} can not be reached (${why})`,
      'Check that the core runs and that this machine reaches it, then run the command again.',
    ),
  );
}

function wrongKey(host: string, port: number, hash: string): FaultError {
  return new FaultError(
    fault(
      'core.wrong-key',
      'denied',
      `the server at ${host}:${port} has another key than this fleet's core`,
      'Nothing was sent. Check the address; if the core was rebuilt, bring its new key into the trust log first.',
      { detail: { key: hash === '' ? 'none' : hash } },
    ),
  );
}
