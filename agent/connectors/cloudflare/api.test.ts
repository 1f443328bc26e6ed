import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DnsRecordWish } from '#shared/domain/routes/index.ts';
import { unwrap } from '#shared/kernel/index.ts';
import { createMemoryOwnRecords } from '#shared/testing/own-records.ts';
import { ACCOUNT_ID, type CloudflareDouble, createCloudflareDouble } from '#world/cloudflare/double.ts';
import { createCloudflareConnector } from './index.ts';

const wish: DnsRecordWish = {
  appId: 'a'.repeat(26),
  routeId: 'r'.repeat(26),
  type: 'A',
  name: 'app.lab.example',
  content: '203.0.113.5',
  proxied: false,
};

let double: CloudflareDouble;
let waits: number[];

beforeEach(async () => {
  double = await createCloudflareDouble({ zones: ['lab.example', 'sub.lab.example', 'home.example'] });
  waits = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await double.close();
});

const connector = (change: Partial<Parameters<typeof createCloudflareConnector>[0]> = {}) =>
  createCloudflareConnector({
    token: double.token,
    baseUrl: double.url,
    accountId: null,
    zones: [],
    fleet: 'f1'.repeat(32),
    own: createMemoryOwnRecords(),
    sleep: async (ms) => void waits.push(ms),
    timeoutMs: 500,
    ...change,
  });
const faultOf = async (promise: Promise<unknown>) => {
  const result = (await promise) as {
    ok: boolean;
    error?: { code: string; kind: string; message: string; next: string };
  };
  expect(result.ok).toBe(false);
  return result.error;
};

describe('zones', () => {
  test('the longest suffix wins', async () => {
    const find = async (name: string) => unwrap(await connector().findZone(name)).name;
    expect(await find('app.lab.example')).toBe('lab.example');
    expect(await find('app.sub.lab.example')).toBe('sub.lab.example');
    expect(await find('a.b.sub.lab.example')).toBe('sub.lab.example');
    expect(await find('*.sub.lab.example')).toBe('sub.lab.example');
    expect(await find('LAB.example.')).toBe('lab.example');
  });

  test('a hostname in no zone is refused with the zones that there are', async () => {
    const error = await faultOf(connector().ensure({ ...wish, name: 'app.labexample.org' }));
    expect(error).toMatchObject({ code: 'dns.zone-not-found', kind: 'permanent' });
    expect(error?.message).toContain('lab.example, sub.lab.example, home.example');
  });

  test('works with a token that is limited to one zone, and keeps to the zones that the owner named', async () => {
    double.control.setToken(double.token, { zones: ['home.example'] });
    expect(unwrap(await connector().findZone('x.home.example')).name).toBe('home.example');
    double.control.setToken(double.token, { zones: ['home.example', 'lab.example'] });
    expect(await faultOf(connector({ zones: ['lab.example'] }).findZone('x.home.example'))).toMatchObject({
      code: 'dns.zone-not-found',
    });
  });
});

describe('the capability test', () => {
  const report = async (change = {}) => unwrap(await connector(change).test());

  test('a token with all permissions is fine in every zone', async () => {
    const done = await report();
    expect(done).toMatchObject({ ok: true, zones: ['lab.example', 'sub.lab.example', 'home.example'] });
    expect(done.capabilities.map(({ name }) => name)).toContain('dns-write');
    expect(double.records()).toEqual([]);
  });

  test.each([
    ['zone-read', { zoneRead: false }, 'Zone:Read'],
    ['dns-read', { dnsRead: false, dnsWrite: false }, 'DNS:Read'],
    ['dns-write', { dnsWrite: false }, 'DNS:Edit'],
  ])('names the missing permission of %s', async (name, change, permission) => {
    double.control.setToken(double.token, change);
    const done = await report({ zones: ['lab.example'] });
    expect(done.ok).toBe(false);
    const found = done.capabilities.find((capability) => capability.name === name);
    expect(found).toMatchObject({ ok: false, missing: permission });
    expect(found?.message).toContain('lab.example');
  });

  test('tries a bounded number of zones and shows them all', async () => {
    await double.close();
    double = await createCloudflareDouble({ zones: Array.from({ length: 120 }, (_, n) => `z${n}.example`) });
    const done = await report();
    expect(done.zones).toHaveLength(120);
    expect(done.capabilities.filter(({ name }) => name === 'dns-write')).toHaveLength(20);
    expect(double.control.requests().length).toBeLessThan(100);
  });

  test('names the zone that the token does not see', async () => {
    double.control.setToken(double.token, { zones: ['lab.example'] });
    const done = await report({ zones: ['lab.example', 'home.example'] });
    expect(done.capabilities.filter((capability) => !capability.ok)).toMatchObject([
      { name: 'zone-read', zone: 'home.example' },
    ]);
  });

  test('facts 2.3: verifies tokens of a user and of an account, with and without the account named', async () => {
    double.control.setToken(double.token, { owner: 'account' });
    expect((await report()).ok).toBe(true);
    expect((await report({ accountId: ACCOUNT_ID })).ok).toBe(true);
  });

  test.each(['disabled', 'expired'] as const)('says when the token is %s', async (status) => {
    double.control.setToken(double.token, { status });
    const done = await report();
    expect(done).toMatchObject({
      ok: false,
      capabilities: [{ name: 'token', ok: false, message: `The token is ${status}.` }],
    });
  });

  test('says when the token is unknown or malformed', async () => {
    expect((await report({ token: 'x'.repeat(40) })).capabilities).toMatchObject([{ name: 'token', ok: false }]);
    expect((await report({ token: 'tok en\n' })).capabilities[0]?.message).toContain(
      'characters that no API token has',
    );
    expect(double.control.requests().every((request) => !request.headers.authorization?.includes('tok en'))).toBe(true);
  });
});

describe('facts 2.2: what the SDK would do by itself', () => {
  test('the environment changes neither account, address, headers nor logging', async () => {
    const printed = ['log', 'info', 'warn', 'error', 'debug'].map((name) =>
      vi.spyOn(console, name as 'log').mockImplementation(() => {}),
    );
    vi.stubEnv('CLOUDFLARE_API_TOKEN', 'stray-token');
    vi.stubEnv('CLOUDFLARE_API_KEY', 'stray-key');
    vi.stubEnv('CLOUDFLARE_EMAIL', 'stray@example.com');
    vi.stubEnv('CLOUDFLARE_API_USER_SERVICE_KEY', 'stray-service');
    vi.stubEnv('CLOUDFLARE_BASE_URL', 'http://127.0.0.1:1/stray');
    vi.stubEnv('CLOUDFLARE_LOG', 'debug');
    vi.stubEnv('CLOUDFLARE_CUSTOM_HEADERS', 'authorization: Bearer stray-header\nX-Auth-Key: stray\nx-other: stray');
    unwrap(await connector().ensure(wish));
    const seen = double.control.requests();
    expect(seen.length).toBeGreaterThan(0);
    for (const request of seen) {
      expect(JSON.stringify(request.headers)).not.toContain('stray');
      expect(request.headers.authorization).toBe(`Bearer ${double.token}`);
    }
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test('success:false with HTTP 200 is a fault, on reads and on writes', async () => {
    double.control.addFault({ kind: 'success-false', method: 'GET' });
    expect(await faultOf(connector().ensure(wish))).toMatchObject({
      code: 'dns.provider-failed',
      message: expect.stringContaining('unknown error'),
    });
    double.control.clearFaults();
    double.control.addFault({ kind: 'success-false', method: 'POST' });
    expect(await faultOf(connector().ensure(wish))).toMatchObject({ code: 'dns.provider-failed' });
    expect(double.records()).toEqual([]);
  });

  test('a server that answers items on every page does not make an endless loop', async () => {
    double.control.addFault({ kind: 'endless-pages' });
    unwrap(await connector().ensure(wish));
    unwrap(await connector().test());
    expect(double.control.requests().length).toBeLessThan(20);
  });

  test('reads as many pages as result_info says, and no more', async () => {
    for (let n = 0; n < 120; n++)
      double.control.putRecord('lab.example', { type: 'TXT', name: 'app', content: `"${n}"` });
    const last = double.control.putRecord('lab.example', { type: 'AAAA', name: 'app', content: '2001:db8::1' });
    expect(await faultOf(connector().ensure(wish))).toMatchObject({
      code: 'dns.foreign-record',
      detail: { recordId: last },
    });
    const lists = double.control.requests().filter((request) => request.path.endsWith('/dns_records'));
    expect(lists.map((request) => new URLSearchParams(request.query).get('page'))).toEqual(['1', '2']);
  });

  test('a 429 that asks for minutes is not waited for, a short one is', async () => {
    double.control.addFault({ kind: 'rate-limit', retryAfterSeconds: 300 });
    const error = await faultOf(connector().ensure(wish));
    expect(error).toMatchObject({ code: 'dns.rate-limited', kind: 'transient', detail: { retryAfterSeconds: '300' } });
    expect(waits).toEqual([]);
    double.control.clearFaults();
    double.control.addFault({ kind: 'rate-limit', retryAfterSeconds: 2, times: 1 });
    expect(unwrap(await connector().ensure(wish)).outcome).toBe('created');
    expect(waits).toEqual([2000]);
  });

  test('reads are repeated after transient errors, with growing waits, and then given up', async () => {
    double.control.addFault({ kind: 'server-error', times: 2 });
    expect(unwrap(await connector().findZone('app.lab.example')).name).toBe('lab.example');
    expect(waits).toEqual([500, 1000]);
    double.control.addFault({ kind: 'html' });
    expect(await faultOf(connector().findZone('app.lab.example'))).toMatchObject({
      code: 'dns.provider-failed',
      message: 'Cloudflare failed: HTTP 502 without an API error.',
    });
  });

  test('an HTML page with HTTP 200 is a proxy, not the API', async () => {
    double.control.addFault({ kind: 'html', status: 200 });
    expect(await faultOf(connector().findZone('app.lab.example'))).toMatchObject({
      message: expect.stringContaining('no JSON'),
    });
  });

  test('a slow answer, a cut connection and an address where nothing listens are told apart', async () => {
    double.control.addFault({ kind: 'slow', delayMs: 5_000, times: 3 });
    expect((await faultOf(connector({ timeoutMs: 60 }).findZone('a.lab.example')))?.message).toContain('in time');
    double.control.addFault({ kind: 'drop-before', times: 3 });
    expect((await faultOf(connector().findZone('a.lab.example')))?.message).toContain('could not be reached');
    const nobody = await createCloudflareDouble({ zones: [] });
    await nobody.close();
    expect((await faultOf(connector({ baseUrl: nobody.url }).findZone('a.lab.example')))?.message).toContain(
      'ECONNREFUSED',
    );
  });

  test('a body that never ends is given up in time, and a redirect is not followed with the token', async () => {
    const servers: Server[] = [];
    const serve = async (handler: Parameters<typeof createServer>[1]) => {
      const server = createServer(handler);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    const endless = await serve(
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"success":'),
    );
    expect(
      (await faultOf(connector({ baseUrl: endless, timeoutMs: 60 }).findZone('a.lab.example')))?.message,
    ).toContain('in time');
    let leaked = 0;
    const other = await serve((_request, response) => {
      leaked++;
      response.end('{}');
    });
    const redirecting = await serve((_request, response) => void response.writeHead(302, { location: other }).end());
    expect(await faultOf(connector({ baseUrl: redirecting }).findZone('a.lab.example'))).toMatchObject({
      kind: 'transient',
    });
    expect(leaked).toBe(0);
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('refusals in plain words', () => {
  test.each([
    ['quota', async () => double.control.setQuota(0), {}, 'dns.quota', 'Record quota exceeded.'],
    [
      'private address behind the proxy',
      async () => {},
      { content: '192.168.1.4', proxied: true },
      'dns.record-refused',
      'Target 192.168.1.4 is not allowed for a proxied record.',
    ],
    [
      'token unknown',
      async () => double.control.removeToken(double.token),
      {},
      'dns.token-refused',
      'Invalid access token.',
    ],
    [
      'no write permission',
      async () => void double.control.setToken(double.token, { dnsWrite: false }),
      {},
      'dns.missing-permission',
      'Authentication error.',
    ],
    [
      'no zone permission',
      async () => void double.control.setToken(double.token, { zoneRead: false }),
      {},
      'dns.missing-permission',
      'to list zones.',
    ],
    ['bad hostname', async () => {}, { name: 'not a host' }, 'dns.bad-name', 'not a host is not a hostname.'],
    ['address for a name', async () => {}, { name: '203.0.113.5' }, 'dns.bad-name', 'is not a hostname.'],
    [
      'bad address',
      async () => {},
      { content: '203.0.113.555' },
      'dns.bad-content',
      'needs an IPv4 address, not 203.0.113.555',
    ],
    ['name for an address', async () => {}, { type: 'AAAA' as const }, 'dns.bad-content', 'needs an IPv6 address'],
  ])('%s', async (_what, arrange, change, code, text) => {
    await arrange();
    const error = await faultOf(connector().ensure({ ...wish, ...change }));
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(error?.next).not.toBe('');
    expect(error?.message).not.toContain('{');
    expect(JSON.stringify(error)).not.toContain(double.token);
    expect(double.records()).toEqual([]);
  });

  test('an unknown validation error shows what stands in its chain', async () => {
    const { answerToFault } = await import('./answer-fault.ts');
    const error = answerToFault(400, [
      {
        code: 1004,
        message: 'DNS Validation Error',
        error_chain: [{ code: 9313, message: 'DNS record comment exceeds the maximum length of 100 characters.' }],
      },
    ]);
    expect(error.message).toBe(
      'Cloudflare refused the record: DNS Validation Error: DNS record comment exceeds the maximum length of 100 characters.',
    );
  });
});
