import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hostnamesOfTraefikFile, type IngressRoute, parseHostname, routesToTraefikFile } from './index.ts';

const route: IngressRoute = {
  routeId: 'aaaaaaaaaaaaaaaaaaaaaaaaaa',
  hostname: 'feeds.lab.example',
  scheme: 'http',
  tls: 'acme',
  servers: [{ host: 'ov-abc-miniflux-0123456789ab', port: 8080 }],
};

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const hostname = fc.tuple(label, label, fc.constantFrom('example', 'net', 'xn--p1ai')).map((parts) => parts.join('.'));
const anyRoute: fc.Arbitrary<IngressRoute> = fc.record({
  routeId: fc.stringMatching(/^[a-z2-7]{26}$/),
  hostname,
  scheme: fc.constantFrom('http' as const, 'https' as const),
  tls: fc.constantFrom('acme' as const, 'off' as const),
  servers: fc.array(fc.record({ host: label, port: fc.integer({ min: 1, max: 65_535 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
});

describe('route file', () => {
  test('is exactly this for one route', async () => {
    const file = routesToTraefikFile([
      route,
      { ...route, routeId: 'b'.repeat(26), hostname: 'nas.lab.example', scheme: 'https', tls: 'off' },
    ]);
    await expect(file.ok ? file.value : '').toMatchFileSnapshot('./golden/route-file.yml');
  });

  test('reads back as its model, by YAML and by JSON alike', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyRoute, { selector: (one) => one.routeId, maxLength: 5 }), (routes) => {
        const file = routesToTraefikFile(routes);
        if (!file.ok) throw new Error(file.error.message);
        const read = parse(file.value);
        expect(read).toEqual(JSON.parse(file.value));
        expect(Object.keys(read.http.routers)).toHaveLength(routes.length);
        for (const one of routes) {
          const name = `ov-${one.routeId}`;
          expect(read.http.routers[name].rule).toBe(`Host(\`${one.hostname}\`)`);
          expect(read.http.routers[name].entryPoints).toEqual([one.tls === 'acme' ? 'websecure' : 'web']);
          expect(read.http.services[name].loadBalancer.servers).toEqual(
            one.servers.map((server) => ({ url: `${one.scheme}://${server.host}:${server.port}` })),
          );
        }
        expect(hostnamesOfTraefikFile(file.value).map((one) => one.hostname)).toEqual(
          Object.values(read.http.routers).map((router) => /`(.*)`/.exec((router as { rule: string }).rule)?.[1]),
        );
      }),
    );
  });

  test('no value can begin a template or end a rule: it is refused or it is not there', () => {
    const evil = fc.constantFrom(
      '{{',
      '}}',
      '`',
      '\n',
      '"',
      '\\',
      ' ',
      ')',
      '||',
      '${',
      "'",
      '\u2028',
      '*',
      '/',
      ':',
      '#',
    );
    const text = fc.array(fc.oneof(evil, label), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, text, (name, host, id) => {
        for (const wrong of [
          { ...route, hostname: name },
          { ...route, servers: [{ host, port: 80 }] },
          { ...route, routeId: id },
        ]) {
          const file = routesToTraefikFile([wrong]);
          if (!file.ok) continue;
          expect(file.value).not.toMatch(/\{\{|\}\}/);
          expect(file.value.match(/`/g)).toHaveLength(2);
        }
      }),
    );
  });

  test.each([0, -1, 65_536, 1.5, Number.NaN])('port %s is refused', (port) => {
    expect(routesToTraefikFile([{ ...route, servers: [{ host: 'a', port }] }])).toMatchObject({
      ok: false,
      error: { code: 'route.bad-server' },
    });
  });

  test('a file by another hand names no hostnames', () => {
    expect(hostnamesOfTraefikFile('not: json')).toEqual([]);
    expect(hostnamesOfTraefikFile('{"http":{"routers":{"x":{"rule":"Host(`a.b`)"}}}}')).toEqual([]);
  });
});

describe('hostname', () => {
  test.each([
    ['App.Example.COM', 'app.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['пример.xn--p1ai', 'xn--e1afmkfd.xn--p1ai'],
    ['a-b.c.d.e', 'a-b.c.d.e'],
  ])('%s is read as %s', (text, expected) => {
    expect(parseHostname(text)).toEqual({ ok: true, value: expected });
  });

  test.each([
    '*.example.com',
    'example',
    'a..b',
    'a.b.',
    '-a.b',
    'a-.b',
    'a_b.c',
    'a.b:80',
    'http://a.b',
    'a.b/c',
    'a b.c',
    '10.0.0.1',
    '[::1]',
    '',
    `${'a'.repeat(64)}.b`,
    `${'a.'.repeat(130)}b`,
    'a.b`) || Host(`c.d',
    '{{env}}.a',
    'a%2e.b',
    'a@b.c',
    'a.b?x',
    'ａ／ｂ.c',
    'a。b＠c.d',
  ])('%s is refused', (text) => {
    expect(parseHostname(text)).toMatchObject({ ok: false, error: { code: 'route.bad-hostname' } });
  });

  test('what is taken is a name by the letter, and taken again as itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), hostname), (text) => {
        const result = parseHostname(text);
        if (!result.ok) return;
        expect(result.value).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/);
        expect(parseHostname(result.value)).toEqual(result);
      }),
    );
  });
});
