import { createHash, type X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** Where a browser of this machine opens the screens. */
export interface DemoScreens {
  readonly url: string;
  /** Hex SHA-256 of the core's public key, as `core init` printed it: what tells this core from another. */
  readonly fingerprint: string;
}

/** Opens the page and its first script as a browser of this machine would, and checks whose they are and what they may. */
export async function proveScreens({ url, fingerprint }: DemoScreens): Promise<string> {
  const page = await get(url, '/');
  if (page.spki !== fingerprint) throw new Error(`${url} shows the key ${page.spki}, not ${fingerprint}`);
  const policy = String(page.headers['content-security-policy'] ?? '');
  if (page.status !== 200 || !page.body.includes('id="root"'))
    throw new Error(`${url} answers ${page.status}: ${page.body.slice(0, 200)}`);
  for (const rule of ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'"])
    if (!policy.includes(rule)) throw new Error(`the page's policy lacks ${rule}: ${policy}`);
  const script = /<script[^>]* src="([^"]+)"/.exec(page.body)?.[1];
  if (script === undefined) throw new Error(`the page names no script: ${page.body.slice(0, 400)}`);
  const code = await get(url, new URL(script, url).pathname);
  if (code.status !== 200 || !/javascript/.test(String(code.headers['content-type'])))
    throw new Error(`${script} answers ${code.status}`);
  return `${url}/ answers with the core’s own key and a policy that lets only its own scripts run`;
}

interface Seen {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Hex SHA-256 of the public key that answered. */
  readonly spki: string;
}

function get(url: string, path: string): Promise<Seen> {
  return new Promise((resolve, reject) => {
    // The core made its certificate itself: its key is compared instead of its issuer.
    const asked = request(
      new URL(path, url),
      { rejectUnauthorized: false, agent: false, timeout: 10_000 },
      (answer) => {
        const spki = spkiOf((answer.socket as TLSSocket).getPeerX509Certificate());
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(parts).toString(),
            spki,
          }),
        );
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`${url} did not answer in 10 s`)));
    asked.on('error', reject);
    asked.end();
  });
}

function spkiOf(certificate: X509Certificate | undefined): string {
  const key = certificate?.publicKey.export({ type: 'spki', format: 'der' });
  return key === undefined ? '' : createHash('sha256').update(key).digest('hex');
}
