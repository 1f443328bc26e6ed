import { connect } from 'node:tls';

/** The certificate that the ingress shows for a hostname. */
export interface ShownCertificate {
  readonly issuer: string;
  readonly notAfter: string;
  /** False for Traefik's own default certificate and for one of another name. */
  readonly isForHostname: boolean;
}

/** Asks the ingress on this node for a hostname's certificate, by SNI. Undefined where nothing answers. */
export function shownCertificate(httpsPort: number, hostname: string): Promise<ShownCertificate | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port: httpsPort, servername: hostname, rejectUnauthorized: false };
    const socket = connect(options, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (!certificate) return resolve(undefined);
      resolve({
        issuer: commonName(certificate.issuer),
        notAfter: new Date(certificate.validTo).toISOString(),
        isForHostname:
          !certificate.subject?.includes('TRAEFIK DEFAULT CERT') && certificate.checkHost(hostname) !== undefined,
      });
    });
    socket.setTimeout(3_000, () => socket.destroy(new Error('no answer in 3 s')));
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(undefined));
  });
}

function commonName(distinguished: string): string {
  return /^CN=(.+)$/m.exec(distinguished)?.[1] ?? (distinguished.split('\n')[0] || 'unknown');
}

/** What the ACME server said about a hostname, out of Traefik's log (JSON lines); the newest that names it. */
export function acmeErrorFromLog(log: string, hostname: string): string | undefined {
  for (const line of log.split('\n').toReversed()) {
    if (!line.includes(hostname) || !/acme|certificate/i.test(line)) continue;
    const at = line.indexOf('{');
    if (at === -1) continue;
    try {
      const entry = JSON.parse(line.slice(at)) as { level?: string; error?: string; message?: string };
      if (entry.level === 'error') return (entry.error ?? entry.message ?? '').slice(0, 400);
    } catch {
      // Not a line of ours.
    }
  }
  return undefined;
}
