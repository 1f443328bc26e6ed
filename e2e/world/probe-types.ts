import type { IncomingHttpHeaders } from 'node:http';

export type HttpQuestion = {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** The only authorities that count, PEM. Without it Node's own list counts. */
  ca?: string;
  servername?: string;
  family?: 4 | 6;
  timeoutMs?: number;
};

export type ProbeRequest =
  | ({ kind: 'http'; url: string } & HttpQuestion)
  | { kind: 'dns'; server: string; name: string; type: string; timeoutMs?: number };

export type HttpAnswer =
  | {
      ok: true;
      status: number;
      headers: IncomingHttpHeaders;
      body: string;
      certificate?: { subject: string; names: string; issuer: string; notAfter: string };
    }
  /** `error` is Node's code, for instance ECONNREFUSED, CERT_HAS_EXPIRED, ENOTFOUND. */
  | { ok: false; error: string; message: string };

export type DnsAnswer = { rcode: string; answers: { name: string; type: string; data: string }[] };
