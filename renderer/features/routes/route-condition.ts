import type { RouteRow } from '#shared/contracts/ipc/index.ts';

/**
 * State of one side of a route. `by-hand`: a person makes the record and nobody here sees whether it is there ·
 * `missing`: a connector should keep it and it is not there · `off`: nothing is wanted there.
 */
export type DnsState = 'present' | 'pending' | 'missing' | 'by-hand' | 'clash' | 'off' | 'unknown';
export type CertificateState = 'issued' | 'waiting' | 'off' | 'unknown';
export type RouteLevel = 'serving' | 'waiting' | 'attention' | 'unknown';

export interface RouteCondition {
  readonly level: RouteLevel;
  readonly dns: DnsState;
  readonly certificate: CertificateState;
  /** Records that a person has to make. */
  readonly recordsToMake: RouteRow['records'];
}

/** No connector will make the record. */
const byHandCodes = new Set(['dns.no-connector', 'dns.no-token', 'dns.zone-not-found']);

/** What a route's state means for its person. */
export function conditionOf(route: RouteRow): RouteCondition {
  const dns = dnsOf(route);
  const certificate = certificateOf(route);
  return {
    level: levelOf(route, dns),
    dns,
    certificate,
    recordsToMake: dns === 'by-hand' ? route.records.filter((record) => record.status !== 'present') : [],
  };
}

function dnsOf({ records, fault, status }: RouteRow): DnsState {
  if (records.some((record) => record.status === 'clash') || fault?.code === 'dns.foreign-record') return 'clash';
  if (records.length === 0) return 'off';
  if (records.every((record) => record.status === 'present')) return 'present';
  if (fault !== null && byHandCodes.has(fault.code)) return 'by-hand';
  if (records.some((record) => record.status === 'absent')) return fault === null ? 'pending' : 'missing';
  // A node that is heard knows each record that its connector keeps: what it does not know is kept by a person.
  return status === 'unknown' ? 'unknown' : 'by-hand';
}

function certificateOf({ tls, status, fault }: RouteRow): CertificateState {
  if (tls === 'off') return 'off';
  if (fault?.code.startsWith('certificate.')) return 'waiting';
  if (status === 'enabled') return fault === null ? 'issued' : 'unknown';
  return status === 'pending' ? 'waiting' : 'unknown';
}

function levelOf(route: RouteRow, dns: DnsState): RouteLevel {
  if (dns === 'clash' || dns === 'missing') return 'attention';
  if (route.fault !== null) return route.fault.kind === 'transient' ? 'waiting' : 'attention';
  if (route.status === 'unknown') return 'unknown';
  if (route.status === 'disabled' || route.status === 'warning') return 'attention';
  return route.status === 'enabled' && dns !== 'pending' ? 'serving' : 'waiting';
}

/** Routes whose hostname, app, service or node holds every word; what needs a person first, then by hostname. */
export function filterRoutes(routes: readonly RouteRow[], text: string): RouteRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const order: readonly RouteLevel[] = ['attention', 'waiting', 'unknown', 'serving'];
  const rank = (route: RouteRow) => order.indexOf(conditionOf(route).level);
  return routes
    .filter((route) => {
      const haystack =
        `${route.hostname}\n${route.appName}\n${route.service}:${route.port}\n${route.nodeName}`.toLowerCase();
      return words.every((word) => haystack.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b) || a.hostname.localeCompare(b.hostname));
}
