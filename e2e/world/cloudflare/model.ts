/**
 * What the Cloudflare double knows: tokens with their permissions, zones, records and the faults that are switched on.
 * Shapes that leave over HTTP are checked against the official SDK's own types in `present.ts`.
 */

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'NS' | 'MX';

/** One DNS record as the double stores it. `name` is the FQDN in punycode, without a final dot. */
export interface StoredRecord {
  id: string;
  zoneId: string;
  type: RecordType;
  name: string;
  content: string;
  ttl: number;
  proxied: boolean;
  comment: string | null;
  tags: string[];
  priority?: number;
  createdOn: string;
  modifiedOn: string;
}

export interface StoredZone {
  id: string;
  name: string;
  accountId: string;
  records: StoredRecord[];
}

/** An API token and what it may do. An account-owned token answers only on `/accounts/A/tokens/verify`. */
export interface LabToken {
  id: string;
  owner: 'user' | 'account';
  status: 'active' | 'disabled' | 'expired';
  zoneRead: boolean;
  dnsRead: boolean;
  dnsWrite: boolean;
  /** Zone names this token may touch; absent means all. */
  zones?: string[];
}

/** A fault fits a request by method and by a piece of its path, and is used up after `times` requests (default: for ever). */
export interface LabFault {
  method?: string;
  pathIncludes?: string;
  times?: number;
  kind:
    | 'rate-limit' // 429 with retry-after
    | 'server-error' // `status` (default 500) with a JSON error body
    | 'html' // `status` (default 502) with an HTML body
    | 'success-false' // HTTP 200, success:false, result:null
    | 'drop-before' // the connection is cut, nothing happened
    | 'drop-after' // the request takes effect, then the connection is cut
    | 'slow' // answered after `delayMs`
    | 'endless-pages'; // lists answer the same items for every page, as Prism does
  status?: number;
  retryAfterSeconds?: number;
  delayMs?: number;
}

export interface SeenRequest {
  method: string;
  path: string;
  query: string;
  status: number;
  body: unknown;
  headers: Record<string, string>;
}

export const ACCOUNT_ID = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
export const DEFAULT_TOKEN = 'lab-cloudflare-token-0000000000000000000';
export const FREE_PLAN_RECORD_QUOTA = 200;
export const COMMENT_MAX_CHARS = 100;

/** Everything mutable in one place, so that the control object and the HTTP switches are the same thing. */
export interface World {
  zones: StoredZone[];
  tokens: Map<string, LabToken>;
  faults: LabFault[];
  requests: SeenRequest[];
  quota: number;
  nextId(): string;
  now(): Date;
}
