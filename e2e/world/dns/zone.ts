/** A record as the zone's keeper shows it. */
export type ZoneRecord = { zone: string; type: string; name: string; content: string; ttl: number };

export type Answer = { name: string; type: 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'NS' | 'SOA'; ttl: number; data: unknown };

export type Reply = {
  rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED' | 'NOTIMP';
  authoritative: boolean;
  answers: readonly Answer[];
  authorities: readonly Answer[];
};

const served = ['A', 'AAAA', 'CNAME', 'TXT', 'NS', 'SOA'] as const;
type Served = (typeof served)[number];
const isServed = (type: string): type is Served => (served as readonly string[]).includes(type);

/** Followed this far inside our own zones, as resolvers do. */
const longestCnameChain = 8;
/** "Automatic" in the Cloudflare API is written as 1. */
const automaticTtl = 1;
const defaultTtlSeconds = 60;

/** Answers one question from the zones' records (RFC 1034 §4.3.2): data, no data (with SOA), no such name, or refused. */
export function answerQuestion(
  zones: readonly string[],
  records: readonly ZoneRecord[],
  name: string,
  type: string,
): Reply {
  const zone = zoneOf(zones, name);
  if (!zone) return { rcode: 'NXDOMAIN', authoritative: false, answers: [], authorities: [] };
  const answers: Answer[] = [];
  let wanted = lower(name);
  for (let i = 0; i < longestCnameChain; i++) {
    const home = zoneOf(zones, wanted);
    if (!home) return { rcode: 'NOERROR', authoritative: true, answers, authorities: [] };
    const here = [...apex(home, wanted), ...recordsAt(records, wanted)];
    const cname = here.find((a) => a.type === 'CNAME');
    const matching = here.filter((a) => a.type === type || type === 'ANY');
    if (matching.length > 0 || !cname) {
      answers.push(...matching);
      const exists = here.length > 0 || hasBelow(records, wanted);
      const rcode = exists ? 'NOERROR' : 'NXDOMAIN';
      return { rcode, authoritative: true, answers, authorities: matching.length > 0 ? [] : [soa(home)] };
    }
    answers.push(cname);
    wanted = lower(String(cname.data));
  }
  return { rcode: 'NOERROR', authoritative: true, answers, authorities: [] };
}

const lower = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The longest zone that holds the name. */
function zoneOf(zones: readonly string[], name: string): string | undefined {
  const n = lower(name);
  const holding = zones.filter((z) => n === z || n.endsWith(`.${z}`));
  return holding.sort((a, b) => b.length - a.length)[0];
}

function recordsAt(records: readonly ZoneRecord[], name: string): Answer[] {
  const exact = records.filter((r) => lower(r.name) === name);
  const wildcard =
    exact.length === 0 && !hasBelow(records, name) ? records.filter((r) => matchesWildcard(lower(r.name), name)) : [];
  return [...exact, ...wildcard].flatMap((r) => {
    const type = r.type;
    if (!isServed(type)) return [];
    const ttl = r.ttl > automaticTtl ? r.ttl : defaultTtlSeconds;
    return [{ name, type, ttl, data: type === 'TXT' ? txtStrings(r.content) : r.content }];
  });
}

const matchesWildcard = (owner: string, name: string): boolean =>
  owner.startsWith('*.') && name.endsWith(owner.slice(1));

/** A name without records exists when a name below it has some. */
const hasBelow = (records: readonly ZoneRecord[], name: string): boolean =>
  records.some((r) => lower(r.name).endsWith(`.${name}`));

/** The content of a TXT record is written with or without quotes; on the wire it is strings of at most 255 bytes. */
function txtStrings(content: string): string[] {
  const quoted = [...content.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((m) => (m[1] ?? '').replace(/\\(.)/g, '$1'));
  const texts = quoted.length > 0 ? quoted : [content];
  return texts.flatMap((t) => t.match(/[\s\S]{1,255}/g) ?? ['']);
}

function apex(zone: string, name: string): Answer[] {
  if (name !== zone) return [];
  return [soa(zone), { name: zone, type: 'NS', ttl: 300, data: `ns.${zone}` }];
}

function soa(zone: string): Answer {
  const data = {
    mname: `ns.${zone}`,
    rname: `hostmaster.${zone}`,
    serial: 1,
    refresh: 60,
    retry: 60,
    expire: 3600,
    minimum: 1,
  };
  return { name: zone, type: 'SOA', ttl: 1, data };
}
