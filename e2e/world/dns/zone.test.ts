import { describe, expect, it } from 'vitest';
import { answerQuestion, type ZoneRecord } from './zone.ts';

const zones = ['lab.example', 'home.example', 'sub.lab.example'];
const record = (type: string, name: string, content: string, ttl = 1): ZoneRecord => ({
  zone: 'lab.example',
  type,
  name,
  content,
  ttl,
});
const records = [
  record('A', 'feeds.lab.example', '10.77.0.11'),
  record('AAAA', 'feeds.lab.example', 'fd77::11', 300),
  record('CNAME', 'www.lab.example', 'feeds.lab.example'),
  record('CNAME', 'away.lab.example', 'elsewhere.test'),
  record('TXT', '_acme-challenge.deep.lab.example', '"token"'),
  record('A', '*.wild.lab.example', '10.77.0.12'),
];
const ask = (name: string, type: string) => answerQuestion(zones, records, name, type);

describe('the lab DNS', () => {
  it('LAB-DNS-1: answers with authority and turns the automatic TTL into a number', () => {
    expect(ask('FEEDS.lab.example.', 'A')).toMatchObject({
      rcode: 'NOERROR',
      authoritative: true,
      answers: [{ data: '10.77.0.11', ttl: 60 }],
    });
    expect(ask('feeds.lab.example', 'AAAA').answers[0]).toMatchObject({ data: 'fd77::11', ttl: 300 });
  });

  it('LAB-DNS-2: a name without that type has no data, a missing name does not exist; both carry the SOA', () => {
    expect(ask('feeds.lab.example', 'TXT')).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
      authorities: [{ type: 'SOA', name: 'lab.example' }],
    });
    expect(ask('none.lab.example', 'A')).toMatchObject({ rcode: 'NXDOMAIN', authorities: [{ type: 'SOA' }] });
  });

  it('LAB-DNS-3: a name with only names below it exists', () => {
    expect(ask('deep.lab.example', 'A').rcode).toBe('NOERROR');
  });

  it('LAB-DNS-4: follows a CNAME inside its zones and stops at their edge', () => {
    expect(ask('www.lab.example', 'A').answers.map((a) => a.type)).toEqual(['CNAME', 'A']);
    expect(ask('www.lab.example', 'CNAME').answers.map((a) => a.data)).toEqual(['feeds.lab.example']);
    expect(ask('away.lab.example', 'A').answers.map((a) => a.data)).toEqual(['elsewhere.test']);
  });

  it('LAB-DNS-5: SOA and NS stand at the apex of the longest zone, for the walk that lego does', () => {
    expect(ask('lab.example', 'SOA').answers).toHaveLength(1);
    expect(ask('_acme-challenge.feeds.lab.example', 'SOA')).toMatchObject({ rcode: 'NXDOMAIN', answers: [] });
    expect(ask('x.sub.lab.example', 'A').authorities[0]?.name).toBe('sub.lab.example');
    expect(ask('home.example', 'NS').answers[0]?.data).toBe('ns.home.example');
  });

  it('LAB-DNS-6: TXT content is unquoted and cut into strings of at most 255 bytes', () => {
    expect(ask('_acme-challenge.deep.lab.example', 'TXT').answers[0]?.data).toEqual(['token']);
    const long = answerQuestion(zones, [record('TXT', 'long.lab.example', 'x'.repeat(600))], 'long.lab.example', 'TXT');
    expect(long.answers.flatMap((a) => a.data as string[]).map((s) => s.length)).toEqual([255, 255, 90]);
  });

  it('LAB-DNS-7: a wildcard answers for names that have no records of their own', () => {
    expect(ask('a.wild.lab.example', 'A').answers[0]).toMatchObject({ name: 'a.wild.lab.example', data: '10.77.0.12' });
    expect(ask('wild.lab.example', 'A').answers).toEqual([]);
  });

  it('LAB-DNS-8: names of nobody here do not exist', () => {
    expect(ask('example.test', 'A')).toMatchObject({ rcode: 'NXDOMAIN', authoritative: false });
    expect(ask('notlab.example', 'A').authoritative).toBe(false);
  });
});
