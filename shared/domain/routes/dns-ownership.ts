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

/** What to do about a wish, given everything that stands under its name. */
export type DnsDecision = { do: 'create' } | { do: 'update'; recordId: string } | { do: 'nothing'; recordId: string };

const ADDRESS_LIKE: readonly string[] = ['A', 'AAAA', 'CNAME'];

/**
 * P4: a record is ours when it carries the mark *and* our own record names its id, or our own record holds an intent
 * without an id and exactly one record with the mark stands there (a crash came between making and noting it).
 * Anything else of type A, AAAA or CNAME under the same name would take part of its traffic, so it is a clash;
 * `allOwn` are the other records of the same route, which may stand beside.
 */
export function decideDnsRecord(
  wish: DnsRecordWish,
  mark: string,
  own: OwnDnsRecord | undefined,
  allOwn: readonly OwnDnsRecord[],
  found: readonly FoundDnsRecord[],
): Result<DnsDecision> {
  const same = found.filter((record) => record.name === wish.name && ADDRESS_LIKE.includes(record.type));
  const marked = same.filter((record) => record.comment === mark && record.type === wish.type);
  const mine = marked.filter((record) => own !== undefined && own.mark === mark && owns(own, record, marked.length));
  const beside = same.filter((record) => !mine.includes(record) && !standsBeside(record, wish, mark, allOwn));
  const [foreign] = beside;
  if (foreign) return err(foreignRecord(wish, foreign, mark));
  const [record] = mine;
  if (!record) return ok({ do: 'create' });
  const fits = record.content === wish.content && record.proxied === wish.proxied && record.automaticTtl;
  return ok({ do: fits ? 'nothing' : 'update', recordId: record.recordId });
}

function owns(own: OwnDnsRecord, record: FoundDnsRecord, markedCount: number): boolean {
  return own.recordId === null ? markedCount === 1 : own.recordId === record.recordId;
}

/** An own record of the same route and another address family; nothing stands beside a CNAME. */
function standsBeside(
  record: FoundDnsRecord,
  wish: DnsRecordWish,
  mark: string,
  allOwn: readonly OwnDnsRecord[],
): boolean {
  const types: readonly (string | DnsRecordType)[] = [record.type, wish.type];
  if (types.includes('CNAME') || record.type === wish.type || record.comment !== mark) return false;
  return allOwn.some(
    (entry) => entry.mark === mark && entry.type === record.type && entry.recordId === record.recordId,
  );
}

/** The clash that a person must settle. */
export function foreignRecord(wish: DnsRecordWish, foreign: FoundDnsRecord, mark: string) {
  const fleetPart = mark.slice(0, mark.lastIndexOf(':') + 1);
  const marked = foreign.comment?.startsWith(fleetPart) ?? false;
  const whose = marked
    ? 'It carries the mark of this fleet, but this connector has no note of making it'
    : 'Overseer did not make it';
  return fault(
    'dns.foreign-record',
    'conflict',
    `${foreign.name} already has a record ${foreign.type} ${foreign.content}. ${whose}, so it stays as it is.`,
    `Delete that record at the DNS provider, or give the app another hostname than ${wish.name}.`,
    { field: 'name', detail: { type: foreign.type, content: foreign.content, recordId: foreign.recordId } },
  );
}
