import type { StoredRecord, StoredZone } from './model.ts';
import { Refusal } from './reply.ts';

type Test = (record: StoredRecord) => boolean;

const PAGING = new Set(['page', 'per_page', 'order', 'direction', 'match', 'tag_match', 'include_shadow_metadata']);
const TEXT_FIELDS = ['name', 'content', 'comment'] as const;

/** The filters of GET /zones/:id/dns_records; one that the double does not know is refused, never ignored. */
export function filterRecords(records: StoredRecord[], query: URLSearchParams): StoredRecord[] {
  const tests: Test[] = [];
  for (const [key, value] of query) if (!PAGING.has(key)) tests.push(recordTest(key, value));
  const any = query.get('match') === 'any' && tests.length > 0;
  const kept = records.filter((record) =>
    any ? tests.some((test) => test(record)) : tests.every((test) => test(record)),
  );
  return sorted(kept, query);
}

function recordTest(key: string, value: string): Test {
  if (key === 'type') return (record) => record.type === value;
  if (key === 'proxied') return (record) => String(record.proxied) === value;
  if (key === 'search')
    return (record) => [record.name, record.content, record.comment ?? ''].some((t) => t.includes(value));
  const [field, operator = 'exact'] = key.split('.');
  const known = TEXT_FIELDS.find((name) => name === field);
  if (!known) throw new Refusal(400, 9207, `Request parameter is not known: ${key}`);
  const wanted = value.toLowerCase();
  const text = (record: StoredRecord) => (record[known] ?? '').toLowerCase();
  switch (operator) {
    case 'exact':
      return (record) => text(record) === wanted;
    case 'contains':
      return (record) => text(record).includes(wanted);
    case 'startswith':
      return (record) => text(record).startsWith(wanted);
    case 'endswith':
      return (record) => text(record).endsWith(wanted);
    case 'present':
      return (record) => record[known] !== null;
    case 'absent':
      return (record) => record[known] === null;
    default:
      throw new Refusal(400, 9207, `Request parameter is not known: ${key}`);
  }
}

function sorted(records: StoredRecord[], query: URLSearchParams): StoredRecord[] {
  const order = query.get('order') ?? 'name';
  const direction = query.get('direction') === 'desc' ? -1 : 1;
  const rank = (record: StoredRecord) => String((record as unknown as Record<string, unknown>)[order] ?? '');
  return [...records].sort((a, b) => direction * rank(a).localeCompare(rank(b)));
}

/** The name filter of GET /zones, with its `operator:value` form. */
export function filterZones(zones: StoredZone[], query: URLSearchParams): StoredZone[] {
  const name = query.get('name');
  if (name === null) return zones;
  const [, operator = 'equal', value = name] = /^(\w+):(.*)$/.exec(name) ?? [];
  return zones.filter((zone) => {
    if (operator === 'equal') return zone.name === value;
    if (operator === 'not_equal') return zone.name !== value;
    if (operator.startsWith('starts_with')) return zone.name.startsWith(value);
    if (operator.startsWith('ends_with')) return zone.name.endsWith(value);
    return zone.name.includes(value);
  });
}
