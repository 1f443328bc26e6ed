import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { peerSpki } from './tls-identity.ts';

/** Says whether a server with this key (hex SHA-256 of its SubjectPublicKeyInfo) is the core we mean. */
export type Pin = (spkiSha256: string) => boolean;

/** Where to connect, and which keys count there. */
export interface PinnedTls {
  readonly host: string;
  readonly port: number;
  readonly accepts: Pin;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * A TLS connection to a server that proved to hold an accepted key, compared before a byte of ours has travelled. Names
 * and dates of the certificate are no authority here: the key in the trust log is, so Node's own verification is off.
 * Faults: `core.unreachable` (transient), `core.wrong-key` (denied).
 */
export function openPinnedTls(options: PinnedTls): Promise<Result<TLSSocket>> {
  return new Promise((resolve) => {
    const settle = (result: Result<TLSSocket>): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      if (!result.ok) tls.destroy();
      resolve(result);
    };
    const abort = (): void => settle(err(unreachable(options, 'stopped')));
    const timer = setTimeout(() => settle(err(unreachable(options, silence(options)))), options.timeoutMs);
    const tls = connect({
      host: options.host,
      port: options.port,
      // Self-signed: Node never calls checkServerIdentity for those, so the key is compared here.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['http/1.1'],
      ...(isIP(options.host) === 0 ? { servername: options.host } : {}),
    });
    // Stays for the socket's whole life: a late reset must not end the process.
    tls.on('error', (error) => settle(err(unreachable(options, error.message))));
    options.signal?.addEventListener('abort', abort, { once: true });
    tls.once('secureConnect', () => {
      const shown = peerSpki(tls);
      settle(shown !== undefined && options.accepts(shown) ? ok(tls) : err(wrongKey(options, shown)));
    });
  });
}

/** Words for a server that said nothing in time. */
export function silence(options: { timeoutMs: number }): string {
  return `no answer in ${options.timeoutMs / 1000} s`;
}

/** The fault of a core that could not be reached at one address. */
export function unreachable(options: { host: string; port: number }, why: string): Fault {
  return fault(
    'core.unreachable',
    'transient',
    `The core does not answer at ${options.host}:${options.port}: ${why}.`,
    'Check that `overseer core start` runs there, and the address, port and firewall between.',
    { detail: { host: options.host, port: String(options.port) } },
  );
}

function wrongKey(options: { host: string; port: number }, shown: string | undefined): Fault {
  return fault(
    'core.wrong-key',
    'denied',
    `${options.host}:${options.port} shows key ${shown ?? 'none'}, which is not the key of this fleet’s core.`,
    'Nothing was sent. Check that the address belongs to your core. If it does, something stands in between: do not go on.',
    { detail: { shown: shown ?? '' } },
  );
}
