import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DNS_MARK_MAX_LENGTH, decideDnsRecord, dnsMark, type FoundDnsRecord } from './dns-ownership.ts';
import type { DnsRecordWish, OwnDnsRecord } from './dns-port.ts';

const ROUTE = 'r'.repeat(26);
const MARK = dnsMark('f1'.repeat(32), ROUTE);
const type = fc.constantFrom('A', 'AAAA', 'CNAME');
const content = fc.constantFrom('203.0.113.5', '203.0.113.6', '2001:db8::1', 'target.example');
const recordId = fc.constantFrom('one', 'two', 'three');

const wishes: fc.Arbitrary<DnsRecordWish> = fc.record({
  appId: fc.constant('a'.repeat(26)),
  routeId: fc.constant(ROUTE),
  type: fc.constantFrom('A', 'AAAA', 'CNAME'),
  name: fc.constant('app.lab.example'),
  content,
  proxied: fc.boolean(),
});
const foundRecords: fc.Arbitrary<FoundDnsRecord[]> = fc.uniqueArray(
  fc.record({
    recordId,
    type: fc.oneof(type, fc.constant('TXT')),
    name: fc.constantFrom('app.lab.example', 'app.lab.example', 'other.lab.example'),
    content,
    proxied: fc.boolean(),
    automaticTtl: fc.boolean(),
    comment: fc.constantFrom(
      null,
      'by hand',
      MARK,
      dnsMark('00'.repeat(32), ROUTE),
      dnsMark('f1'.repeat(32), 's'.repeat(26)),
    ),
  }),
  { selector: (record) => record.recordId, maxLength: 3 },
);
const owns = (wish: DnsRecordWish): fc.Arbitrary<OwnDnsRecord[]> =>
  fc.uniqueArray(
    fc.record({ type: fc.constantFrom('A', 'AAAA', 'CNAME'), recordId: fc.option(recordId) }).map((part) => ({
      ...wish,
      ...part,
      type: part.type as DnsRecordWish['type'],
      mark: MARK,
      zone: 'lab.example',
      zoneId: 'zone',
    })),
    { selector: (record) => record.type, maxLength: 2 },
  );
const cases = wishes.chain((wish) => fc.record({ wish: fc.constant(wish), found: foundRecords, allOwn: owns(wish) }));
const decide = ({ wish, found, allOwn }: { wish: DnsRecordWish; found: FoundDnsRecord[]; allOwn: OwnDnsRecord[] }) => {
  const own = allOwn.find((record) => record.type === wish.type);
  return { own, decision: decideDnsRecord(wish, MARK, allOwn, found) };
};

describe('whose record it is', () => {
  test('the mark fits the smallest plan and names fleet and route', () => {
    expect(MARK).toBe(`ov1:f1f1f1f1f1f1f1f1:${ROUTE}`);
    expect(MARK.length).toBeLessThanOrEqual(DNS_MARK_MAX_LENGTH);
  });

  test('P4: what is changed carries the mark and stands in the own record, whatever else is there', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { own, decision } = decide(given);
        if (!decision.ok || decision.value.do === 'create') return;
        const { recordId: id } = decision.value;
        const record = given.found.find((candidate) => candidate.recordId === id);
        expect(record).toMatchObject({ comment: MARK, type: given.wish.type, name: given.wish.name });
        expect(own).toBeDefined();
        expect([null, id]).toContain(own?.recordId);
      }),
      { numRuns: 2_000 },
    );
  });

  test('P4: nothing is made or changed beside a foreign record of the same name', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { decision } = decide(given);
        const foreign = given.found.filter(
          (record) => record.name === given.wish.name && record.type !== 'TXT' && record.comment !== MARK,
        );
        if (foreign.length > 0)
          expect(decision).toMatchObject({ ok: false, error: { code: 'dns.foreign-record', kind: 'conflict' } });
      }),
      { numRuns: 2_000 },
    );
  });

  test('is settled by its own outcome: after doing what was decided, nothing is left to do', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { decision } = decide(given);
        if (!decision.ok) return;
        const id = decision.value.do === 'create' ? 'new' : decision.value.recordId;
        const { wish } = given;
        const made = { recordId: id, type: wish.type, name: wish.name, content: wish.content, proxied: wish.proxied };
        const instead = decision.value.do === 'create' ? decision.value.instead.map((own) => own.recordId) : [];
        const room = (record: FoundDnsRecord) => record.recordId !== id && !instead.includes(record.recordId);
        const found = [...given.found.filter(room), { ...made, automaticTtl: true, comment: MARK }];
        const own = { ...wish, mark: MARK, zone: 'lab.example', zoneId: 'zone', recordId: id };
        const allOwn = [...given.allOwn.filter((record) => record.type !== wish.type), own];
        expect(decide({ wish, found, allOwn }).decision).toEqual({ ok: true, value: { do: 'nothing', recordId: id } });
      }),
      { numRuns: 2_000 },
    );
  });
});
