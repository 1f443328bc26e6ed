import { type Fault, type FaultKind, fault } from '#shared/kernel/index.ts';

/** One entry of `errors` in an answer of API v4. */
export interface ApiErrorEntry {
  code?: number;
  message?: string;
  error_chain?: { code?: number; message?: string }[];
}

interface Row {
  when: (status: number, code: number, said: string) => boolean;
  fault: string;
  kind: FaultKind;
  message: (said: string) => string;
  next: string;
}

const codeIn =
  (...codes: number[]) =>
  (_status: number, code: number) =>
    codes.includes(code);

const SERVER_STATUS = (status: number) => status >= 500 || status === 408 || status === 409;

/** First row that fits. Codes as the API answers them; 9109 means two things that only its text tells apart. */
const ROWS: readonly Row[] = [
  {
    when: SERVER_STATUS,
    fault: 'dns.provider-failed',
    kind: 'transient',
    message: (said) => `Cloudflare failed: ${said}`,
    next: 'Nothing to do: the call is tried again by itself. See cloudflarestatus.com if it lasts.',
  },
  {
    when: (_status, code, said) => code === 0 || code === 10000 || (code === 9109 && /unauthorized/i.test(said)),
    fault: 'dns.missing-permission',
    kind: 'denied',
    message: (said) => `The Cloudflare token may not do this: ${said}`,
    next: 'Give the token the permissions Zone:Read and DNS:Edit for this zone, then run `overseer integrations cloudflare test`.',
  },
  {
    when: (status, code) => status === 401 || codeIn(1000, 6003, 6111, 9103, 9106, 9109, 10001)(status, code),
    fault: 'dns.token-refused',
    kind: 'denied',
    message: (said) => `Cloudflare does not accept the token: ${said}`,
    next: 'Make a new API token at Cloudflare and give it to `overseer integrations cloudflare set`.',
  },
  {
    when: (status) => status === 403,
    fault: 'dns.missing-permission',
    kind: 'denied',
    message: (said) => `The Cloudflare token may not do this: ${said}`,
    next: 'Give the token the permissions Zone:Read and DNS:Edit for this zone, then run `overseer integrations cloudflare test`.',
  },
  {
    when: codeIn(81045),
    fault: 'dns.quota',
    kind: 'permanent',
    message: (said) => `The zone takes no more records: ${said}`,
    next: 'Delete records that are not needed at Cloudflare, or change to a larger plan.',
  },
  {
    when: codeIn(81044),
    fault: 'dns.record-gone',
    kind: 'permanent',
    message: (said) => said,
    next: 'Nothing to do: the record is made again when it is wished.',
  },
  {
    when: codeIn(1001, 7003),
    fault: 'dns.zone-not-found',
    kind: 'permanent',
    message: (said) => `Cloudflare does not know the zone: ${said}`,
    next: 'Check that the zone still belongs to the account of this token.',
  },
  {
    when: codeIn(81053, 81054, 81057, 81058),
    fault: 'dns.foreign-record',
    kind: 'conflict',
    message: (said) => said,
    next: 'Delete that record at the DNS provider, or choose another hostname.',
  },
  {
    // HTTP 200 with success:false, and no code that says more.
    when: (status) => status < 300,
    fault: 'dns.provider-failed',
    kind: 'transient',
    message: (said) => `Cloudflare failed: ${said}`,
    next: 'Nothing to do: the call is tried again by itself. See cloudflarestatus.com if it lasts.',
  },
];

/** The fault for an answer that is a refusal, also one with HTTP 200 and `success:false`. */
export function answerToFault(status: number, errors: readonly ApiErrorEntry[], retryAfter?: string): Fault {
  const [first] = errors;
  const said = sentence(status, first);
  const detail: Record<string, string> = { status: String(status) };
  if (first?.code !== undefined) detail.code = String(first.code);
  if (status === 429) return rateLimited(detail, retryAfter);
  const row = ROWS.find((candidate) => candidate.when(status, first?.code ?? -1, said));
  if (row) return fault(row.fault, row.kind, row.message(said), row.next, { detail });
  return fault(
    'dns.record-refused',
    'permanent',
    `Cloudflare refused the record: ${said}`,
    'Change what the message names: hostname, target address or the proxied setting.',
    { detail },
  );
}

function rateLimited(detail: Record<string, string>, retryAfter: string | undefined): Fault {
  const seconds = retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? retryAfter : undefined;
  return fault(
    'dns.rate-limited',
    'transient',
    `Cloudflare refuses all calls of this token ${seconds === undefined ? 'for some minutes' : `for ${seconds} seconds`}: too many were made.`,
    'Wait; the call is tried again by itself. Another program may be using the same token.',
    { detail: seconds === undefined ? detail : { ...detail, retryAfterSeconds: seconds } },
  );
}

/** "DNS Validation Error" alone says nothing; what is wrong stands in the chain. */
function sentence(status: number, entry: ApiErrorEntry | undefined): string {
  if (entry?.message === undefined) return `HTTP ${status} without an API error.`;
  const chain = (entry.error_chain ?? []).map((link) => link.message).filter((text) => text !== undefined);
  const text = [entry.message, ...chain].join(': ').slice(0, 500);
  return text.endsWith('.') ? text : `${text}.`;
}
