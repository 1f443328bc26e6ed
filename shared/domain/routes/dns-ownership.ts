import { err, fault, ok, type Result } from '../../kernel/index.ts';
import type { DnsRecordType, DnsRecordWish, OwnDnsRecord } from './dns-port.ts';

/** The provider's limit for a comment on its smallest plan. */
export const DNS_MARK_MAX_LENGTH = 100;

/** The comment that our records carry. `fleet` is the fleet's hex id, of which 16 digits tell fleets apart. */
export function dnsMark(fleet: string, routeId: string): string {
  return `ov1:${fleet.slice(0, 16)}:${routeId}`;
}

/** A record as it stands at the provider, names in lower-case ASCII without a final dot. */
export interface FoundDnsRecord {
  recordId: string;
  type: string;
  name: string;
  content: string;
  proxied: boolean;
  automaticTtl: boolean;
  comment: string | null;
}

/** What to do about a wish, given everything that stands under its name. `instead` are own records that make room. */
export type DnsDecision =
  | { do: 'create'; instead: readonly OwnDnsRecord[] }
  | { do: 'update'; recordId: string }
  | { do: 'nothing'; recordId: string };

const ADDRESS_LIKE: readonly string[] = ['A', 'AAAA', 'CNAME'];

/**
 * P4: a record is ours when it carries the mark *and* our own record names its id, or our own record holds an intent
 * without an id and exactly one record with the mark stands there (a crash came between making and noting it).
 * Anything else of type A, AAAA or CNAME under the same name would take part of its traffic, so it is a clash.
 * `allOwn` are all own records of the app: those of the same route may stand beside (A and AAAA) or make room (CNAME).
 */
export function decideDnsRecord(
  wish: DnsRecordWish,
  mark: string,
  allOwn: readonly OwnDnsRecord[],
  found: readonly FoundDnsRecord[],
): Result<DnsDecision> {
  const noted = allOwn.filter((own) => own.mark === mark && own.name === wish.name);
  const there = found.filter((record) => record.name === wish.name && ADDRESS_LIKE.includes(record.type));
  const owned = there.map((record) => ({ record, own: noted.find((own) => owns(own, record, there, mark)) }));
  const foreign = owned.find(({ own }) => own === undefined)?.record;
  if (foreign) return err(foreignRecord(wish, foreign, mark));
  const mine = owned.find(({ record }) => record.type === wish.type)?.record;
  if (!mine) {
    const instead = owned.flatMap(({ record, own }) =>
      own && !standsBeside(record.type, wish.type) ? [{ ...own, recordId: record.recordId }] : [],
    );
    return ok({ do: 'create', instead });
  }
  const fits = mine.content === wish.content && mine.proxied === wish.proxied && mine.automaticTtl;
  return ok({ do: fits ? 'nothing' : 'update', recordId: mine.recordId });
}

function owns(own: OwnDnsRecord, record: FoundDnsRecord, there: readonly FoundDnsRecord[], mark: string): boolean {
  const isAlike = (other: FoundDnsRecord) => other.comment === mark && other.type === own.type;
  if (!isAlike(record)) return false;
  return own.recordId === null ? there.filter(isAlike).length === 1 : own.recordId === record.recordId;
}

/** Two address families share a name; nothing shares it with a CNAME. */
const standsBeside = (one: string, other: DnsRecordType): boolean => one !== 'CNAME' && other !== 'CNAME';

/** The clash that a person must settle. */
export function foreignRecord(wish: DnsRecordWish, foreign: FoundDnsRecord, mark: string) {
  const fleetPart = mark.slice(0, mark.lastIndexOf(':') + 1);
  const marked = foreign.comment?.startsWith(fleetPart) ?? false;
  const whose = marked
    ? 'It belongs to another route of this fleet, or an earlier installation made it'
    : 'Overseer did not make it';
  return fault(
    'dns.foreign-record',
    'conflict',
    `${foreign.name} already has a record ${foreign.type} ${foreign.content}. ${whose}, so it stays as it is.`,
    `Delete that record at the DNS provider, or give the app another hostname than ${wish.name}.`,
    { field: 'name', detail: { type: foreign.type, content: foreign.content, recordId: foreign.recordId } },
  );
}
