import type Cloudflare from 'cloudflare';
import type { StoredRecord, StoredZone } from './model.ts';
import { ACCOUNT_ID } from './model.ts';

/** What one request answers: a status and a JSON envelope, or a body of another kind. */
export interface Reply {
  status: number;
  json?: Envelope;
  html?: string;
  headers?: Record<string, string>;
}

interface ApiError {
  code: number;
  message: string;
  error_chain?: { code: number; message: string }[];
}

interface Envelope {
  result: unknown;
  success: boolean;
  errors: ApiError[];
  messages: unknown[];
  result_info?: { page: number; per_page: number; count: number; total_count: number; total_pages: number };
}

/** A refusal that the API words as `errors[0]`, with the details Cloudflare puts into `error_chain`. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: ApiError[];
  constructor(status: number, code: number, message: string, chain?: { code: number; message: string }[]) {
    super(message);
    this.status = status;
    this.errors = [chain ? { code, message, error_chain: chain } : { code, message }];
  }
}

export const ok = (result: unknown): Reply => ({
  status: 200,
  json: { result, success: true, errors: [], messages: [] },
});

export const refused = (refusal: Refusal): Reply => ({
  status: refusal.status,
  json: { result: null, success: false, errors: refusal.errors, messages: [] },
});

/** Cuts one page out of `items`. `endless` imitates servers that ignore `page` and answer the same items for ever. */
export function page<T>(items: T[], query: URLSearchParams, maxPerPage: number, endless: boolean): Reply {
  const defaultPerPage = maxPerPage < 100 ? 20 : 100;
  const perPage = boundedInt(query.get('per_page'), defaultPerPage, 1, maxPerPage);
  const number = boundedInt(query.get('page'), 1, 1, Number.MAX_SAFE_INTEGER);
  const cut = endless ? items.slice(0, perPage) : items.slice((number - 1) * perPage, number * perPage);
  const totalPages = Math.max(1, Math.ceil(items.length / perPage));
  return {
    status: 200,
    json: {
      result: cut,
      success: true,
      errors: [],
      messages: [],
      result_info: {
        page: number,
        per_page: perPage,
        count: cut.length,
        total_count: items.length,
        total_pages: totalPages,
      },
    },
  };
}

function boundedInt(text: string | null, fallback: number, min: number, max: number): number {
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new Refusal(400, 9207, `Request parameter is out of range: ${text}`);
  return value;
}

/** The record as the API answers it; the return type is the SDK's. */
export function presentRecord(record: StoredRecord): Cloudflare.DNS.RecordResponse {
  const shown = {
    id: record.id,
    name: record.name,
    type: record.type,
    content: record.content,
    proxiable: ['A', 'AAAA', 'CNAME'].includes(record.type),
    proxied: record.proxied,
    ttl: record.ttl,
    settings: {},
    meta: {},
    comment: record.comment,
    tags: record.tags,
    created_on: record.createdOn,
    modified_on: record.modifiedOn,
    ...(record.comment === null ? {} : { comment_modified_on: record.modifiedOn }),
    ...(record.priority === undefined ? {} : { priority: record.priority }),
  };
  // The SDK types `comment` as string only, the API answers null where there is none.
  return shown as unknown as Cloudflare.DNS.RecordResponse;
}

/** The zone as the API answers it; the return type is the SDK's. */
export function presentZone(zone: StoredZone): Cloudflare.Zones.Zone {
  const since = '2026-01-01T00:00:00.000000Z';
  return {
    id: zone.id,
    name: zone.name,
    status: 'active',
    paused: false,
    type: 'full',
    development_mode: 0,
    name_servers: ['ana.ns.cloudflare.com', 'bob.ns.cloudflare.com'],
    original_name_servers: null,
    original_registrar: null,
    original_dnshost: null,
    created_on: since,
    modified_on: since,
    activated_on: since,
    meta: { custom_certificate_quota: 0, page_rule_quota: 3, phishing_detected: false },
    owner: { id: 'f0e1d2c3b4a5968778695a4b3c2d1e0f', name: 'lab', type: 'user' },
    account: { id: ACCOUNT_ID, name: "Lab's account" },
    permissions: [],
    plan: { id: '0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee', name: 'Free Website', price: 0, currency: 'USD' },
  };
}
