import Cloudflare from 'cloudflare';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT_ID, type CloudflareDouble, createCloudflareDouble } from './double.ts';

let double: CloudflareDouble;
let sdk: Cloudflare;
let zoneId: string;

const client = (apiToken: string, maxRetries = 0) =>
  new Cloudflare({ apiToken, apiKey: null, apiEmail: null, userServiceKey: null, baseURL: double.url, maxRetries });

beforeEach(async () => {
  double = await createCloudflareDouble({ zones: ['lab.example', 'home.example'] });
  sdk = client(double.token);
  zoneId = (await sdk.zones.list({ name: 'lab.example' })).result[0]?.id ?? '';
});
afterEach(() => double.close());

const create = (change: Record<string, unknown> = {}) =>
  sdk.dns.records.create({
    zone_id: zoneId,
    type: 'A',
    name: 'a.lab.example',
    content: '203.0.113.5',
    ttl: 1,
    ...change,
  });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: InstanceType<typeof Cloudflare.APIError>) => `${error.status} ${error.errors[0]?.code ?? 'no code'}`,
  );
const detailOf = (promise: Promise<unknown>) =>
  promise.catch((error) => JSON.parse(JSON.stringify(error.errors[0])).error_chain?.[0]?.code);

describe('the double, spoken to by the official SDK', () => {
  test('lists zones by name and verifies user and account tokens, each on its own path', async () => {
    expect((await sdk.zones.list()).result.map((zone) => zone.name)).toEqual(['lab.example', 'home.example']);
    expect((await sdk.user.tokens.verify()).status).toBe('active');
    expect(await codeOf(sdk.accounts.tokens.verify({ account_id: ACCOUNT_ID }))).toBe('401 1000');
    double.control.setToken('account-owned-token-123', { owner: 'account' });
    const owned = client('account-owned-token-123');
    expect(await codeOf(owned.user.tokens.verify())).toBe('401 1000');
    expect((await owned.accounts.tokens.verify({ account_id: ACCOUNT_ID })).status).toBe('active');
    expect((await owned.accounts.list()).result[0]?.id).toBe(ACCOUNT_ID);
  });

  test('creates, reads, replaces, patches and deletes a record', async () => {
    const made = await create({ comment: 'ov1:x:y', proxied: true, ttl: 300 });
    expect(made).toMatchObject({ name: 'a.lab.example', ttl: 1, proxied: true, comment: 'ov1:x:y' });
    expect((await sdk.dns.records.get(made.id, { zone_id: zoneId })).content).toBe('203.0.113.5');
    const patched = await sdk.dns.records.edit(made.id, {
      zone_id: zoneId,
      type: 'A',
      name: 'a.lab.example',
      ttl: 1,
      content: '203.0.113.6',
    });
    expect(patched).toMatchObject({ content: '203.0.113.6', comment: 'ov1:x:y' });
    const put = await sdk.dns.records.update(made.id, {
      zone_id: zoneId,
      type: 'A',
      name: 'a.lab.example',
      ttl: 120,
      content: '203.0.113.7',
    });
    expect(put).toMatchObject({ content: '203.0.113.7', comment: null, proxied: false, ttl: 120 });
    expect(await sdk.dns.records.delete(made.id, { zone_id: zoneId })).toEqual({ id: made.id });
    expect(await codeOf(sdk.dns.records.get(made.id, { zone_id: zoneId }))).toBe('404 81044');
  });

  test('names come back as FQDN in punycode, also for relative names', async () => {
    expect((await create({ name: 'bücher' })).name).toBe('xn--bcher-kva.lab.example');
    expect((await create({ name: 'A.Home.Example' })).name).toBe('a.home.example.lab.example');
    expect((await create({ name: '@' })).name).toBe('lab.example');
    expect((await create({ name: '*.apps.lab.example' })).name).toBe('*.apps.lab.example');
  });

  test('filters as the SDK sends them and pages with result_info', async () => {
    for (let n = 1; n <= 5; n++) await create({ name: `n${n}.lab.example`, comment: n % 2 ? 'ov1:odd' : 'other' });
    const list = (query: object) => sdk.dns.records.list({ zone_id: zoneId, ...query });
    expect((await list({ name: { exact: 'n3.lab.example' }, type: 'A' })).result).toHaveLength(1);
    expect((await list({ name: { exact: 'n3.lab.example' }, type: 'CNAME' })).result).toHaveLength(0);
    expect((await list({ comment: { startswith: 'ov1:' } })).result).toHaveLength(3);
    const second = await list({ per_page: 2, page: 2 });
    expect(second.result.map((record) => record.name)).toEqual(['n3.lab.example', 'n4.lab.example']);
    expect(second.result_info).toMatchObject({ page: 2, per_page: 2, count: 2, total_count: 5, total_pages: 3 });
    const walked: string[] = [];
    for await (const record of sdk.dns.records.list({ zone_id: zoneId, per_page: 2 })) walked.push(record.name);
    expect(walked).toHaveLength(5);
  });

  test('refuses with the real codes: identical, CNAME clash, quota, comment length, addresses, private proxied', async () => {
    await create();
    expect(await codeOf(create())).toBe('400 81058');
    expect(await codeOf(create({ content: '203.0.113.9' }))).toBe('resolved');
    expect(await codeOf(create({ type: 'CNAME', content: 'x.example' }))).toBe('400 81053');
    await create({ type: 'CNAME', name: 'c.lab.example', content: 'x.example' });
    expect(await codeOf(create({ name: 'c.lab.example' }))).toBe('400 81054');
    expect(await detailOf(create({ name: 'd', comment: 'x'.repeat(101) }))).toBe(9313);
    expect(await detailOf(create({ name: 'd', content: 'not-an-address' }))).toBe(9005);
    expect(await detailOf(create({ name: 'd', ttl: 30 }))).toBe(9021);
    expect(await detailOf(create({ name: 'd', tags: ['a:b'] }))).toBe(9300);
    expect(await codeOf(create({ name: 'd', content: '192.168.1.4', proxied: true }))).toBe('400 9003');
    double.control.setQuota(3);
    expect(await codeOf(create({ name: 'e' }))).toBe('400 81045');
  });

  test('asks for each permission', async () => {
    const limited = (change: object) => {
      double.control.setToken('limited-token-000000000', { zoneRead: true, dnsRead: true, dnsWrite: true, ...change });
      return client('limited-token-000000000');
    };
    expect(await codeOf(limited({ zoneRead: false }).zones.list())).toBe('403 0');
    expect(await codeOf(limited({ dnsRead: false, dnsWrite: false }).dns.records.list({ zone_id: zoneId }))).toBe(
      '403 10000',
    );
    expect(await codeOf(limited({ dnsRead: false }).dns.records.list({ zone_id: zoneId }))).toBe('resolved');
    const reader = limited({ dnsWrite: false });
    expect(
      await codeOf(reader.dns.records.create({ zone_id: zoneId, type: 'A', name: 'x', content: '1.2.3.4', ttl: 1 })),
    ).toBe('403 10000');
    expect(await codeOf(limited({ zones: ['home.example'] }).dns.records.list({ zone_id: zoneId }))).toBe('403 10000');
    expect(await codeOf(client('unknown-token-000000000').zones.list())).toBe('403 9109');
    expect(await codeOf(client('short').zones.list())).toBe('400 6003');
  });

  test('faults: rate limit, success:false, HTML, cut connections, endless pages', async () => {
    const { addFault, clearFaults } = double.control;
    addFault({ kind: 'rate-limit', times: 1, retryAfterSeconds: 7 });
    const limited = await sdk.zones.list().then(
      () => undefined,
      (error) => error,
    );
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    addFault({ kind: 'success-false', times: 1 });
    expect(await create()).toBeNull();
    addFault({ kind: 'html', times: 1 });
    expect(await codeOf(sdk.zones.list())).toBe('502 no code');
    addFault({ kind: 'drop-before', method: 'POST', times: 1 });
    await expect(create({ name: 'gone' })).rejects.toBeInstanceOf(Cloudflare.APIConnectionError);
    addFault({ kind: 'drop-after', method: 'POST', times: 1 });
    await expect(create({ name: 'kept' })).rejects.toBeInstanceOf(Cloudflare.APIConnectionError);
    expect(double.records().map((record) => record.name)).toEqual(['kept.lab.example']);
    addFault({ kind: 'endless-pages' });
    expect((await sdk.dns.records.list({ zone_id: zoneId, page: 9 })).result).toHaveLength(1);
    clearFaults();
    expect((await sdk.dns.records.list({ zone_id: zoneId, page: 9 })).result).toHaveLength(0);
  });

  test('every switch works over HTTP too', async () => {
    const post = async (verb: string, ...args: unknown[]) =>
      (await (await fetch(`${double.labUrl}/${verb}`, { method: 'POST', body: JSON.stringify(args) })).json()) as {
        result?: unknown;
        error?: string;
      };
    const { result: id } = await post('putRecord', 'lab.example', { type: 'A', name: 'hand', content: '198.51.100.1' });
    expect(await post('records')).toEqual({
      result: [
        {
          zone: 'lab.example',
          type: 'A',
          name: 'hand.lab.example',
          content: '198.51.100.1',
          ttl: 1,
          proxied: false,
          comment: null,
          id,
        },
      ],
    });
    await post('addFault', { kind: 'rate-limit', times: 1 });
    expect(await codeOf(sdk.zones.list())).toBe('429 971');
    expect((await post('nothing')).error).toContain('there are setToken');
  });
});
