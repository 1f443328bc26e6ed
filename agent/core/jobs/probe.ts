import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { JobStep } from '#shared/contracts/rest/index.ts';
import type { JobRecord } from '../store/records.ts';
import type { ProbePort } from './job-runner.ts';

/** One public address to try, with where its record points in case the name does not resolve here. */
export interface ProbeTarget {
  readonly url: string;
  /** Content of its A or AAAA record. */
  readonly fallbackAddress: string | null;
}

const BUDGET_MS = 30_000;
const TRY_TIMEOUT_MS = 5_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 4_000;

/** What Traefik says where no router matches: the route is not live yet. */
const NO_ROUTER = '404 page not found';

type Found = { ok: true; text: string } | { ok: false; text: string; unreachable: boolean; final?: boolean };

/** Verdicts on a certificate that waiting does not change: it is there, and this machine does not know its issuer. */
const FOREIGN_AUTHORITY = /^(UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN)$/;

/**
 * Tries the addresses of a deployed app over HTTPS with the machine's own DNS and trust store. Where the name does
 * not lead there from this machine (no hairpin, no resolver yet) it connects to the record's address with the right
 * server name and says so. A failing probe is a finding, not a failed deploy.
 */
export function createProbe(
  targetsOf: (job: JobRecord) => Promise<readonly ProbeTarget[]>,
  budgetMs = BUDGET_MS,
): ProbePort {
  return {
    wanted: async (job) => (await targetsOf(job)).length > 0,
    async run(job, tell) {
      const endsAt = performance.now() + budgetMs;
      const targets = await targetsOf(job);
      await Promise.all(targets.map((target) => probeTarget(target, endsAt, tell)));
    },
  };
}

async function probeTarget(
  target: ProbeTarget,
  endsAt: number,
  tell: (state: JobStep['state'], text: string) => void,
): Promise<void> {
  tell('started', `asking ${target.url}`);
  let found: Found = { ok: false, text: 'not tried', unreachable: false };
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    found = await ask(target.url, null, endsAt);
    if (!found.ok && found.unreachable && target.fallbackAddress !== null) {
      const direct = await ask(target.url, target.fallbackAddress, endsAt);
      const note = `asked at ${target.fallbackAddress} directly, because from the core ${found.text}`;
      found = { ...direct, text: `${direct.text} (${note})` };
    }
    if (found.ok || found.final || performance.now() + waitMs > endsAt) break;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  tell(found.ok ? 'done' : 'failed', `${target.url} ${found.text}`.slice(0, 2_000));
}

function ask(url: string, address: string | null, endsAt: number): Promise<Found> {
  const { protocol, hostname, port, pathname } = new URL(url);
  // Whole milliseconds: AbortSignal.timeout refuses fractions by throwing.
  const timeoutMs = Math.round(Math.max(500, Math.min(TRY_TIMEOUT_MS, endsAt - performance.now())));
  return new Promise((resolve) => {
    const options = {
      host: address ?? (isLocalhost(hostname) ? '127.0.0.1' : hostname),
      port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
      path: pathname,
      method: 'GET',
      servername: hostname,
      headers: { host: port === '' ? hostname : `${hostname}:${port}`, 'user-agent': 'overseer-probe' },
      agent: false as const,
      signal: AbortSignal.timeout(timeoutMs),
    };
    const send = protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (): void => {
        resolve(judge(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
        response.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > 4_096) end();
      });
      response.on('end', end);
      response.on('error', end);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.name === 'TimeoutError' || error.name === 'AbortError' ? 'ETIMEDOUT' : (error.code ?? '');
      if (FOREIGN_AUTHORITY.test(code)) {
        const text =
          'has a certificate of an authority that the core’s machine does not know (NODE_EXTRA_CA_CERTS can name it)';
        return resolve({ ok: false, text, unreachable: false, final: true });
      }
      const unreachable = /^(ENOTFOUND|EAI_|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)/.test(code);
      resolve({ ok: false, text: `does not answer: ${code || 'error'} ${error.message}`.trim(), unreachable });
    });
    request.end();
  });
}

/** RFC 6761, 6.3: names below localhost are loopback, also where the machine's resolver does not know that. */
function isLocalhost(hostname: string): boolean {
  return hostname.endsWith('.localhost');
}

function judge(status: number, body: string): Found {
  if (status === 404 && body.trim() === NO_ROUTER) {
    return { ok: false, text: 'is not routed yet (the ingress answers 404 for it)', unreachable: false };
  }
  if (status >= 502 && status <= 504)
    return { ok: false, text: `answers ${status}: the app is not behind it yet`, unreachable: false };
  return { ok: true, text: `answers ${status}` };
}
