import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { DnsRecordWish } from '#shared/domain/routes/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/** A hostname as Cloudflare stores it: lower-case punycode without a final dot, `*.` kept; undefined when it is none. */
export function storedName(hostname: string): string | undefined {
  const bare = hostname.replace(/\.$/, '');
  const wildcard = bare.startsWith('*.') ? '*.' : '';
  const ascii = domainToASCII(bare.slice(wildcard.length));
  const labels = ascii.split('.');
  const valid =
    labels.length > 1 &&
    ascii.length <= 253 &&
    labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  return valid && isIP(ascii) === 0 ? wildcard + ascii : undefined;
}

/** Content in Cloudflare's spelling, so that comparing does not see a difference where there is none. */
export function storedContent(type: DnsRecordWish['type'], content: string): string | undefined {
  if (type === 'A') return isIP(content) === 4 ? content : undefined;
  if (type === 'AAAA') return isIP(content) === 6 ? new URL(`http://[${content}]/`).hostname.slice(1, -1) : undefined;
  return storedName(content);
}

/** The wish in stored spelling, or a fault that names the field. */
export function normaliseWish(wish: DnsRecordWish): Result<DnsRecordWish> {
  const name = storedName(wish.name);
  if (name === undefined)
    return err(
      fault(
        'dns.bad-name',
        'permanent',
        `${wish.name} is not a hostname.`,
        'Give a full name such as app.example.com.',
        { field: 'name' },
      ),
    );
  const content = storedContent(wish.type, wish.content);
  if (content === undefined) {
    const wants = { A: 'an IPv4 address', AAAA: 'an IPv6 address', CNAME: 'a hostname' }[wish.type];
    return err(
      fault(
        'dns.bad-content',
        'permanent',
        `A ${wish.type} record needs ${wants}, not ${wish.content}.`,
        'Change the record type or the address it points at.',
        { field: 'content' },
      ),
    );
  }
  return ok({ ...wish, name, content });
}

/** Every name that could be the zone of a hostname, longest first. */
export function zoneCandidates(name: string): string[] {
  const labels = name.replace(/^\*\./, '').split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}
