import ipaddr from 'ipaddr.js';
import { parseHostname } from '#shared/domain/routes/hostname.ts';

/** What the form for an ingress holds, as typed. */
export interface IngressForm {
  readonly email: string;
  /** Without certificates: plain HTTP only. */
  readonly plainHttp: boolean;
  readonly httpPort: string;
  readonly httpsPort: string;
  /** Addresses that records point at, by commas or spaces. */
  readonly addresses: string;
  /** ACME directory; empty: Let's Encrypt. */
  readonly caServer: string;
  /** PEM of a private authority. */
  readonly caCertificates: string;
}

export type IngressField = 'email' | 'httpPort' | 'httpsPort' | 'addresses' | 'caServer';
export type IngressProblem = 'email' | 'port' | 'same-port' | 'address' | 'too-many' | 'url';

/** What does not fit, by field. */
export function checkIngress(form: IngressForm): Partial<Record<IngressField, IngressProblem>> {
  const problems: Partial<Record<IngressField, IngressProblem>> = {};
  if (!form.plainHttp && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(form.email.trim())) problems.email = 'email';
  if (parsePort(form.httpPort) === undefined) problems.httpPort = 'port';
  if (parsePort(form.httpsPort) === undefined) problems.httpsPort = 'port';
  else if (parsePort(form.httpPort) === parsePort(form.httpsPort)) problems.httpsPort = 'same-port';
  const addresses = splitAddresses(form.addresses);
  if (addresses.length > 8) problems.addresses = 'too-many';
  else if (addresses.some((address) => !isTarget(address))) problems.addresses = 'address';
  const caServer = form.caServer.trim();
  if (!form.plainHttp && caServer !== '' && !isHttpsUrl(caServer)) problems.caServer = 'url';
  return problems;
}

/** A TCP port as typed; undefined when it is none. */
export function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** The addresses of one field. */
export function splitAddresses(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

/** Addresses of a server, those that the internet reaches first; loopback, link-local and container ones never. */
export function rankAddresses(
  addresses: readonly string[],
): { readonly address: string; readonly isPublic: boolean }[] {
  return addresses
    .flatMap((address) => {
      if (!ipaddr.isValid(address)) return [];
      const range = ipaddr.parse(address).range();
      if (range === 'loopback' || range === 'linkLocal' || range === 'multicast' || range === 'unspecified') return [];
      return [{ address, isPublic: range === 'unicast' }];
    })
    .sort(
      (a, b) =>
        Number(b.isPublic) - Number(a.isPublic) || Number(a.address.includes(':')) - Number(b.address.includes(':')),
    );
}

/** What a record may point at: an address, or a name for a CNAME. */
function isTarget(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text) || parseHostname(text).ok;
}

function isHttpsUrl(text: string): boolean {
  try {
    return new URL(text).protocol === 'https:';
  } catch {
    return false;
  }
}
