import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DnsRecordWish, OwnDnsRecord, OwnRecords } from '#shared/domain/routes/index.ts';
import { unwrap } from '#shared/kernel/index.ts';
import { createMemoryOwnRecords, describeOwnRecords } from '#shared/testing/own-records.ts';
import { type CloudflareDouble, createCloudflareDouble } from '#world/cloudflare/double.ts';
import { createCloudflareConnector } from './index.ts';

describeOwnRecords('in memory', () => createMemoryOwnRecords());

const FLEET = 'f1'.repeat(32);
const ROUTE = 'r'.repeat(26);
const MARK = `ov1:f1f1f1f1f1f1f1f1:${ROUTE}`;
const wish: DnsRecordWish = {
  appId: 'a'.repeat(26),
  routeId: ROUTE,
  type: 'A',
  name: 'app.lab.example',
  content: '203.0.113.5',
  proxied: false,
};

let double: CloudflareDouble;
let own: OwnRecords;
let log: string[];
let waits: number[];

beforeEach(async () => {
  double = await createCloudflareDouble({ zones: ['lab.example', 'sub.lab.example', 'home.example'] });
  log = [];
  waits = [];
  own = createMemoryOwnRecords(log);
});
afterEach(() => double.close());

const connector = (change: Partial<Parameters<typeof createCloudflareConnector>[0]> = {}) =>
  createCloudflareConnector({
    token: double.token,
    baseUrl: double.url,
    accountId: null,
    zones: [],
    fleet: FLEET,
    own,
    sleep: async (ms) => void waits.push(ms),
    timeoutMs: 2_000,
    ...change,
  });
const posts = () => double.control.requests().filter((request) => request.method === 'POST');
const writes = () => double.control.requests().filter((request) => request.method !== 'GET');
const foreign = (change: object = {}) =>
  double.control.putRecord('lab.example', { type: 'A', name: 'app.lab.example', content: '198.51.100.9', ...change });

describe('making a record', () => {
  test('P4: notes the intent before the record is made, then its id', async () => {
    const before = double.control.requests().length;
    const made = unwrap(await connector().ensure(wish));
    expect(made).toMatchObject({ outcome: 'created', zone: 'lab.example' });
    expect(double.records()).toMatchObject([
      { name: 'app.lab.example', content: '203.0.113.5', ttl: 1, comment: MARK },
    ]);
    expect(log).toEqual(['put app.lab.example intent', `put app.lab.example ${made.recordId}`]);
    expect(double.control.requests().length - before).toBeLessThanOrEqual(4);
  });

  test('is idempotent: the same wish again changes nothing', async () => {
    unwrap(await connector().ensure(wish));
    double.control.clearRequests();
    const notes = log.length;
    expect(unwrap(await connector().ensure(wish)).outcome).toBe('unchanged');
    expect(writes()).toEqual([]);
    expect(log).toHaveLength(notes);
  });

  test('facts 2.3: proxied records settle although the API turns every ttl into 1, names and AAAA come back rewritten', async () => {
    const wishes: DnsRecordWish[] = [
      { ...wish, proxied: true },
      { ...wish, routeId: 's'.repeat(26), name: 'BÜCHER.lab.example.' },
      { ...wish, routeId: 't'.repeat(26), name: 'six.lab.example', type: 'AAAA', content: '2001:DB8:0:0::0005' },
      { ...wish, routeId: 'u'.repeat(26), name: 'c.lab.example', type: 'CNAME', content: 'Target.Example.' },
      { ...wish, routeId: 'v'.repeat(26), name: '*.apps.lab.example' },
    ];
    for (const each of wishes) expect(unwrap(await connector().ensure(each)).outcome).toBe('created');
    for (const each of wishes) expect(unwrap(await connector().ensure(each)).outcome).toBe('unchanged');
    expect(double.records().map((record) => record.name)).toContain('xn--bcher-kva.lab.example');
  });

  test('facts 2.4: the mark fits into the 100 characters of the smallest plan', async () => {
    expect(MARK.length).toBeLessThanOrEqual(100);
    unwrap(await connector().ensure(wish));
    expect(double.records()[0]?.comment).toBe(MARK);
  });

  test('brings back what was changed by hand, and makes again what was deleted by hand', async () => {
    const { recordId } = unwrap(await connector().ensure(wish));
    double.control.editRecord(recordId, { content: '198.51.100.7', ttl: 3600 });
    expect(unwrap(await connector().ensure(wish)).outcome).toBe('updated');
    expect(double.records()).toMatchObject([{ content: '203.0.113.5', ttl: 1, comment: MARK, id: recordId }]);
    double.control.removeRecord(recordId);
    expect(unwrap(await connector().ensure(wish)).outcome).toBe('created');
  });

  test('an own A makes room for a CNAME of the same route, and back', async () => {
    unwrap(await connector().ensure(wish));
    const name: DnsRecordWish = { ...wish, type: 'CNAME', content: 'home.example' };
    expect(unwrap(await connector().look(name))).toBe('absent');
    expect(unwrap(await connector().ensure(name)).outcome).toBe('created');
    expect(double.records()).toMatchObject([{ type: 'CNAME', content: 'home.example' }]);
    expect(await own.list(wish.appId)).toMatchObject([{ type: 'CNAME' }]);
    unwrap(await connector().ensure(wish));
    expect(double.records()).toMatchObject([{ type: 'A', content: '203.0.113.5' }]);
  });

  test('P4: another route of the fleet under the same name is a clash, also in the same app', async () => {
    unwrap(await connector().ensure(wish));
    const other = { ...wish, routeId: 's'.repeat(26) };
    const result = await connector().ensure(other);
    expect(result).toMatchObject({ ok: false, error: { code: 'dns.foreign-record' } });
    expect(result.ok ? '' : result.error.message).toContain('another route of this fleet');
    expect(double.records()).toHaveLength(1);
  });

  test('A and AAAA of one route stand side by side', async () => {
    unwrap(await connector().ensure(wish));
    unwrap(await connector().ensure({ ...wish, type: 'AAAA', content: '2001:db8::1' }));
    expect(unwrap(await connector().ensure(wish)).outcome).toBe('unchanged');
    expect(double.records()).toHaveLength(2);
  });
});

describe('P4: what Overseer did not make', () => {
  test.each([
    ['another address', { content: '198.51.100.9' }],
    ['the identical record', { content: '203.0.113.5' }],
    ['a CNAME', { type: 'CNAME', content: 'else.example' }],
    ['the other address family', { type: 'AAAA', content: '2001:db8::9' }],
    ['a record that only carries our mark', { comment: MARK }],
    ['a record with the mark of another fleet', { comment: `ov1:0000000000000000:${ROUTE}` }],
  ])('%s in the way is a clash and stays untouched', async (_what, change) => {
    foreign(change);
    const before = double.records();
    const result = await connector().ensure(wish);
    expect(result).toMatchObject({ ok: false, error: { code: 'dns.foreign-record', kind: 'conflict', field: 'name' } });
    expect(double.records()).toEqual(before);
    expect(await own.get(wish)).toBeUndefined();
    expect(writes()).toEqual([]);
  });

  test('a TXT record beside is not in the way', async () => {
    foreign({ type: 'TXT', content: '"hello"' });
    expect(unwrap(await connector().ensure(wish)).outcome).toBe('created');
  });

  test('an own record whose comment was changed by hand is not ours any more', async () => {
    const { recordId } = unwrap(await connector().ensure(wish));
    double.control.editRecord(recordId, { comment: 'mine now', content: '198.51.100.7' });
    expect(await connector().ensure(wish)).toMatchObject({ ok: false, error: { code: 'dns.foreign-record' } });
    expect(unwrap(await connector().remove(wish))).toBe('kept');
    expect(double.records()).toMatchObject([{ comment: 'mine now', content: '198.51.100.7' }]);
    expect(await own.get(wish)).toBeUndefined();
  });

  test('a record that somebody puts there between looking and making is a clash, found by looking again', async () => {
    for (const change of [{ content: '203.0.113.5' }, { type: 'CNAME', content: 'else.example' }]) {
      const slow = {
        ...own,
        put: async (record: OwnDnsRecord) => {
          foreign(change);
          await own.put(record);
        },
      };
      const result = await connector({ own: slow }).ensure(wish);
      expect(result).toMatchObject({ ok: false, error: { code: 'dns.foreign-record' } });
      expect(await own.get(wish)).toBeUndefined();
      for (const record of double.records()) double.control.removeRecord(record.id);
    }
  });
});

describe('P5: crashes and lost answers', () => {
  test('facts 2.2: a create whose answer is lost is found by its mark and not sent twice', async () => {
    double.control.addFault({ kind: 'drop-after', method: 'POST', times: 1 });
    expect(unwrap(await connector().ensure(wish)).outcome).toBe('created');
    expect(posts()).toHaveLength(1);
    expect(double.records()).toHaveLength(1);
  });

  test('facts 2.2: a create that took no effect is sent once more, after looking', async () => {
    double.control.addFault({ kind: 'drop-before', method: 'POST', times: 1 });
    expect(unwrap(await connector().ensure(wish)).outcome).toBe('created');
    const order = double.control
      .requests()
      .slice(-4)
      .map((request) => request.method);
    expect(order).toEqual(['GET', 'POST', 'GET', 'POST']);
    double.control.addFault({ kind: 'server-error', method: 'POST' });
    const other = { ...wish, routeId: 's'.repeat(26), name: 'b.lab.example' };
    expect(await connector().ensure(other)).toMatchObject({
      ok: false,
      error: { code: 'dns.provider-failed', kind: 'transient' },
    });
  });

  test('kill between intent, effect and note: the next call adopts the record by its mark', async () => {
    const dies = {
      ...own,
      put: async (record: OwnDnsRecord) => {
        if (record.recordId !== null) throw new Error('killed');
        await own.put(record);
      },
    };
    await expect(connector({ own: dies }).ensure(wish)).rejects.toThrow('killed');
    expect(double.records()).toHaveLength(1);
    const done = unwrap(await connector().ensure(wish));
    expect(done).toMatchObject({ outcome: 'created', recordId: double.records()[0]?.id });
    expect(posts()).toHaveLength(1);
  });

  test('kill before the effect: the intent alone makes nothing foreign ours', async () => {
    const dies = {
      ...own,
      put: async (record: OwnDnsRecord) => {
        await own.put(record);
        throw new Error('killed');
      },
    };
    await expect(connector({ own: dies }).ensure(wish)).rejects.toThrow('killed');
    expect(double.records()).toEqual([]);
    foreign();
    expect(await connector().ensure(wish)).toMatchObject({ ok: false, error: { code: 'dns.foreign-record' } });
    expect(unwrap(await connector().remove(wish))).toBe('absent');
    expect(double.records()).toHaveLength(1);
  });

  test('an intent whose record was made is removed by its mark', async () => {
    unwrap(await connector().ensure(wish));
    const [noted] = await own.list(wish.appId);
    if (noted) await own.put({ ...noted, recordId: null });
    expect(unwrap(await connector().remove(wish))).toBe('removed');
    expect(double.records()).toEqual([]);
  });

  test('two calls for one name at once make one record', async () => {
    const port = connector();
    const results = await Promise.all([port.ensure(wish), port.ensure(wish), port.ensure(wish)]);
    expect(results.map((result) => unwrap(result).outcome).sort()).toEqual(['created', 'unchanged', 'unchanged']);
    expect(posts()).toHaveLength(1);
  });
});

describe('removing a record', () => {
  test('removes the own record once and then knows nothing of it', async () => {
    unwrap(await connector().ensure(wish));
    const other = foreign({ name: 'other.lab.example' });
    expect(unwrap(await connector().remove(wish))).toBe('removed');
    expect(unwrap(await connector().remove(wish))).toBe('absent');
    expect(double.records().map((record) => record.id)).toEqual([other]);
  });

  test('P5: a delete whose answer is lost is settled by the retry', async () => {
    unwrap(await connector().ensure(wish));
    double.control.addFault({ kind: 'drop-after', method: 'DELETE', times: 1 });
    expect(unwrap(await connector().remove(wish))).toBe('removed');
    expect(double.records()).toEqual([]);
    expect(await own.get(wish)).toBeUndefined();
  });

  test('keeps its note while the provider cannot be reached', async () => {
    unwrap(await connector().ensure(wish));
    double.control.addFault({ kind: 'server-error' });
    expect(await connector().remove(wish)).toMatchObject({ ok: false, error: { kind: 'transient' } });
    expect(await own.get(wish)).toBeDefined();
  });

  test('P4: never touches a record it has no note of', async () => {
    foreign({ comment: MARK });
    expect(unwrap(await connector().remove(wish))).toBe('absent');
    expect(double.records()).toHaveLength(1);
    expect(double.control.requests()).toEqual([]);
  });
});

describe('looking', () => {
  test('tells present, absent and clash and changes nothing', async () => {
    expect(unwrap(await connector().look(wish))).toBe('absent');
    const { recordId } = unwrap(await connector().ensure(wish));
    double.control.clearRequests();
    expect(unwrap(await connector().look(wish))).toBe('present');
    double.control.editRecord(recordId, { content: '198.51.100.1' });
    expect(unwrap(await connector().look(wish))).toBe('absent');
    foreign();
    expect(unwrap(await connector().look(wish))).toBe('clash');
    expect(writes()).toEqual([]);
  });
});
