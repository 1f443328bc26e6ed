import type { Result } from '../../kernel/index.ts';

/** The record types a route may need. */
export type DnsRecordType = 'A' | 'AAAA' | 'CNAME';

/** A record that a release asks for. `name` is the hostname as written, `*.` allowed; `content` an address or a name. */
export interface DnsRecordWish {
  appId: string;
  routeId: string;
  type: DnsRecordType;
  name: string;
  content: string;
  proxied: boolean;
}

/** Which wish a record belongs to. */
export type DnsRecordKey = Pick<DnsRecordWish, 'routeId' | 'type' | 'name'>;

/**
 * What the connector itself wrote down about one record. It is durable before the effect: first `intended`, then the
 * record is made, then its id is added. A record at the provider without an entry here is never changed.
 */
export interface OwnDnsRecord extends DnsRecordWish {
  /** The comment that marks the record at the provider, see `dnsMark`. */
  mark: string;
  zone: string;
  zoneId: string;
  /** The provider's id, null while only intended. */
  recordId: string | null;
}

/** The connector's own record, kept by the node. `put` and `delete` are durable when they resolve. */
export interface OwnRecords {
  get(key: DnsRecordKey): Promise<OwnDnsRecord | undefined>;
  put(record: OwnDnsRecord): Promise<void>;
  delete(key: DnsRecordKey): Promise<void>;
  list(appId: string): Promise<OwnDnsRecord[]>;
}

/** One thing a token must be able to do, and whether it can. */
export interface DnsCapability {
  name: 'token' | 'zone-read' | 'dns-read' | 'dns-write';
  zone: string | null;
  ok: boolean;
  message: string;
  /** The permission to add, in the provider's own words; null when nothing is missing. */
  missing: string | null;
}

export interface DnsTestReport {
  ok: boolean;
  capabilities: DnsCapability[];
  /** Names of the zones the token can see. */
  zones: string[];
  tokenExpiresAt: string | null;
}

export interface DnsZone {
  id: string;
  name: string;
  /** False while the provider does not answer for the zone yet: records are kept but not served. */
  active: boolean;
}

export interface DnsEnsured {
  recordId: string;
  zone: string;
  outcome: 'created' | 'updated' | 'unchanged';
}

/**
 * Records at an outside DNS provider. Every call may be repeated: a crash at any point is mended by calling again.
 * Faults: `dns.foreign-record` (conflict: not ours and in the way), `dns.zone-not-found`, `dns.token-refused` and
 * `dns.missing-permission` (denied), `dns.rate-limited`, `dns.unreachable` and `dns.provider-failed` (transient),
 * `dns.quota` and `dns.record-refused` (permanent).
 */
export interface DnsPort {
  /** Tries each capability and names each missing permission; fails only where nothing could be tried. */
  test(): Promise<Result<DnsTestReport>>;
  /** The zone whose name is the longest suffix of `hostname`. */
  findZone(hostname: string): Promise<Result<DnsZone>>;
  /** Makes the record as wished. A record that is not this connector's own is a fault, never a change. */
  ensure(wish: DnsRecordWish): Promise<Result<DnsEnsured>>;
  /** Removes an own record. `kept`: it no longer carries our mark, so it was left alone and forgotten. */
  remove(key: DnsRecordKey): Promise<Result<'removed' | 'absent' | 'kept'>>;
  /** What stands at the provider for a wish; changes nothing. */
  look(wish: DnsRecordWish): Promise<Result<'present' | 'absent' | 'clash'>>;
  /** The own records of an app, to remove those that its newest release no longer wishes. */
  list(appId: string): Promise<OwnDnsRecord[]>;
}
