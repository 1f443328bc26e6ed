import ipaddr from 'ipaddr.js';

/**
 * Whom limits take for one caller: an IPv4 address, or the /64 of an IPv6 address (RFC 4291 §2.5.1), for whoever has one
 * address there has them all. An IPv4 address that is written as IPv6 counts as what it is.
 */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const found = ipaddr.process(address);
  if (!(found instanceof ipaddr.IPv6)) return found.toString();
  const prefix = found.parts.slice(0, 4).map((part) => part.toString(16));
  return `${prefix.join(':')}::/64`;
}
