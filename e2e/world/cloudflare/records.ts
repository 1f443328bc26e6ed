import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { COMMENT_MAX_CHARS, type RecordType, type StoredRecord, type StoredZone, type World } from './model.ts';
import { Refusal } from './reply.ts';

const TYPES: readonly RecordType[] = ['A', 'AAAA', 'CNAME', 'TXT', 'NS', 'MX'];
const PROXIABLE: readonly RecordType[] = ['A', 'AAAA', 'CNAME'];
const ADDRESSES: readonly RecordType[] = ['A', 'AAAA'];

/** Error codes are those the real API answers; each was seen in a public issue thread. */
const invalid = (code: number, message: string) => new Refusal(400, 1004, 'DNS Validation Error', [{ code, message }]);

/** A name as the API stores it: FQDN, punycode, lower case; a name outside the zone is taken as relative to it. */
export function storedName(name: string, zone: StoredZone): string {
  const bare = name.replace(/\.$/, '');
  if (bare === '@') return zone.name;
  const wildcard = bare.startsWith('*.') ? '*.' : '';
  const ascii = wildcard + domainToASCII(bare.slice(wildcard.length));
  if (ascii === wildcard || ascii.length > 253) throw invalid(9000, 'DNS name is invalid.');
  if (ascii === zone.name || ascii.endsWith(`.${zone.name}`)) return ascii;
  return `${ascii}.${zone.name}`;
}

/** Reads a request body into a record, with the API's own checks; `base` is the record a PATCH starts from. */
export function readRecord(body: unknown, zone: StoredZone, world: World, base?: StoredRecord): StoredRecord {
  if (typeof body !== 'object' || body === null) throw new Refusal(400, 9207, 'Request body is invalid.');
  const given = body as Record<string, unknown>;
  const type = (given.type ?? base?.type) as RecordType;
  if (!TYPES.includes(type)) throw invalid(9004, 'Invalid or missing DNS record type.');
  if (typeof (given.name ?? base?.name) !== 'string') throw invalid(9000, 'DNS name is invalid.');
  const content = readContent(type, given.content ?? base?.content);
  const proxied = given.proxied ?? base?.proxied ?? false;
  if (typeof proxied !== 'boolean') throw invalid(9003, "Invalid 'proxied' value, must be a boolean.");
  if (proxied && !PROXIABLE.includes(type)) throw invalid(9041, 'This DNS record cannot be proxied.');
  if (proxied && isPrivate(type, content))
    throw new Refusal(400, 9003, `Target ${content} is not allowed for a proxied record.`);
  const tags = (given.tags ?? base?.tags ?? []) as string[];
  if (tags.length > 0) throw invalid(9300, `DNS record has ${tags.length} tags, exceeding the quota of 0.`);
  const priority = given.priority ?? base?.priority;
  const at = world.now().toISOString();
  return {
    id: base?.id ?? world.nextId(),
    zoneId: zone.id,
    type,
    name: storedName(String(given.name ?? base?.name), zone),
    content,
    ttl: proxied ? 1 : readTtl(given.ttl ?? base?.ttl ?? 1),
    proxied,
    comment: readComment(given.comment === undefined ? base?.comment : given.comment),
    tags,
    ...(typeof priority === 'number' ? { priority } : {}),
    createdOn: base?.createdOn ?? at,
    modifiedOn: at,
  };
}

/** Refuses what cannot stand beside the zone's other records, with the API's codes. */
export function refuseClash(record: StoredRecord, zone: StoredZone): void {
  const sameName = zone.records.filter((other) => other.id !== record.id && other.name === record.name);
  if (sameName.some((other) => other.type === record.type && other.content === record.content))
    throw new Refusal(400, 81058, 'An identical record already exists.');
  if (record.type === 'CNAME' && sameName.some((other) => PROXIABLE.includes(other.type)))
    throw new Refusal(400, 81053, 'An A, AAAA, or CNAME record with that host already exists.');
  if (ADDRESSES.includes(record.type) && sameName.some((other) => other.type === 'CNAME'))
    throw new Refusal(400, 81054, 'A CNAME record with that host already exists.');
}

function readContent(type: RecordType, content: unknown): string {
  if (typeof content !== 'string' || content === '') throw invalid(9000, 'DNS record content is missing.');
  if (type === 'A' && !isIPv4(content)) throw invalid(9005, 'Content for A record must be a valid IPv4 address.');
  if (type === 'AAAA' && !isIPv6(content)) throw invalid(9006, 'Content for AAAA record must be a valid IPv6 address.');
  if (type === 'CNAME' && (isIPv4(content) || isIPv6(content)))
    throw invalid(9007, 'Content for CNAME record is invalid.');
  if (type === 'AAAA') return new URL(`http://[${content}]/`).hostname.slice(1, -1);
  if (type === 'CNAME') return domainToASCII(content.replace(/\.$/, '')) || content;
  return content;
}

function readTtl(ttl: unknown): number {
  if (ttl === 1 || (typeof ttl === 'number' && ttl >= 60 && ttl <= 86400)) return ttl;
  throw invalid(9021, 'Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.');
}

function readComment(comment: unknown): string | null {
  if (comment === undefined || comment === null || comment === '') return null;
  if (typeof comment !== 'string') throw new Refusal(400, 9207, 'Request body is invalid.');
  if (comment.length > COMMENT_MAX_CHARS)
    throw invalid(9313, `DNS record comment exceeds the maximum length of ${COMMENT_MAX_CHARS} characters.`);
  return comment;
}

function isPrivate(type: RecordType, content: string): boolean {
  if (type === 'A') return /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(content);
  return type === 'AAAA' && /^(f[cd]|fe80|::1$)/i.test(content);
}
