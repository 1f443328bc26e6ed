import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CoreWorld, createCoreWorld } from '../testing/core-world.ts';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly bytes: Buffer;
}

const outer = mkdtempSync(join(tmpdir(), 'ov-web-'));
const folder = join(outer, 'web');
const script = `console.log(${JSON.stringify('word '.repeat(400))});`;
let world: CoreWorld;

function writeWeb(into: string, page: string): void {
  mkdirSync(join(into, 'assets'), { recursive: true });
  writeFileSync(join(into, 'index.html'), page);
  writeFileSync(join(into, 'service-worker.js'), '// worker');
  writeFileSync(join(into, '.hidden'), 'hidden');
  const file = join(into, 'assets/index-abc.js');
  writeFileSync(file, script);
  writeFileSync(`${file}.br`, brotliCompressSync(script));
  writeFileSync(`${file}.gz`, gzipSync(script));
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { httpPort: port } = world.running;
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      headers,
      rejectUnauthorized: false,
      agent: false as const,
    };
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

beforeAll(async () => {
  writeWeb(folder, '<!doctype html><title>first</title>');
  writeFileSync(join(outer, 'secret.txt'), 'outside of the folder');
  world = await createCoreWorld({ webFolder: folder });
});
afterAll(async () => {
  await world.dispose();
  rmSync(outer, { recursive: true });
});

describe('the screens over real TLS', () => {
  it.each(['/', '/index.html', '/apps', '/apps/01H/logs?follow=1', '/routes/app.example.com'])(
    'gives the page for %s, asked for anew each time',
    async (path) => {
      const { status, headers, bytes } = await get(path);
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
      expect(bytes.toString()).toContain('<title>');
    },
  );

  it('answers with 304 when the page is the one that the browser has', async () => {
    const { headers } = await get('/');
    const again = await get('/apps', { 'if-none-match': String(headers.etag) });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  });

  it('lets hashed files be kept for ever, the service worker not', async () => {
    expect((await get('/assets/index-abc.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const worker = await get('/service-worker.js');
    expect(worker.headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'application/javascript; charset=utf-8',
    });
  });

  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['identity', undefined, (bytes: Buffer) => bytes],
    ['br;q=0, gzip', 'gzip', gunzipSync],
  ])('takes the twin that fits Accept-Encoding: %s', async (accepted, encoding, open) => {
    const { headers, bytes } = await get('/assets/index-abc.js', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers).toMatchObject({ 'content-type': 'application/javascript; charset=utf-8', vary: 'accept-encoding' });
    expect(open(bytes).toString()).toBe(script);
  });

  it('answers HEAD without a body', async () => {
    const { status, bytes, headers } = await get('/assets/index-abc.js', {}, 'HEAD');
    expect([status, bytes.length, headers['content-length']]).toEqual([200, 0, String(script.length)]);
  });

  it.each(['/', '/assets/index-abc.js', '/service-worker.js'])(
    '%s carries the policy and its companions',
    async (path) => {
      const { headers } = await get(path);
      const host = `127.0.0.1:${world.running.httpPort}`;
      expect(String(headers['content-security-policy']).split('; ').sort()).toEqual([
        "base-uri 'none'",
        `connect-src 'self' wss://${host}`,
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "worker-src 'self'",
      ]);
      expect(headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers).not.toHaveProperty('strict-transport-security');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  it.each(["core.lan; script-src 'unsafe-inline'", 'core.lan, evil.example', 'a b', '*', '[::1]; x'])(
    'a host that is none adds nothing to the policy: %s',
    async (host) => {
      const { headers } = await get('/', { host });
      expect(headers['content-security-policy'] ?? "connect-src 'self';").toContain("connect-src 'self';");
    },
  );

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/.hidden',
    '/assets',
    '/assets/',
    '/assets/index-abc.js/',
    '/assets/index-abc.js%00.html',
    '/assets/index-abc.js.br',
    '/assets/index-old.js',
    '/api/v1/unknown',
    '/api',
  ])('finds nothing at %s', async (path) => {
    const { status, bytes } = await get(path);
    expect([400, 404]).toContain(status);
    expect(bytes.toString()).not.toMatch(/outside of|^hidden|<title>|console/);
  });

  it('takes no other method', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(404);
    expect((await get('/assets/index-abc.js', {}, 'DELETE')).status).toBe(404);
  });

  it('serves a new build that took the place of the old one, and says when there is none', async () => {
    const fresh = join(outer, 'fresh');
    const away = join(outer, randomBytes(4).toString('hex'));
    writeWeb(fresh, '<!doctype html><title>second</title>');
    renameSync(folder, away);
    expect(JSON.parse((await get('/apps')).bytes.toString())).toMatchObject({ status: 404, code: 'web.absent' });
    const told = await get('/', { accept: 'text/html' });
    expect(told.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(told.bytes.toString()).toMatch(/without its screens.*\n.*Install/);
    expect((await get('/healthz')).status).toBe(200);
    renameSync(fresh, folder);
    expect((await get('/')).bytes.toString()).toContain('second');
  });
});

describe('a core whose folder of screens is absent', () => {
  it('starts, answers the API, and says once in its log what is missing', async () => {
    const bare = await createCoreWorld({ webFolder: join(outer, 'nowhere') });
    try {
      expect(bare.log.filter((line) => line.includes('screens'))).toEqual([expect.stringContaining('nowhere')]);
      expect((await bare.claim()).session()).not.toBe('');
    } finally {
      await bare.dispose();
    }
  });
});
