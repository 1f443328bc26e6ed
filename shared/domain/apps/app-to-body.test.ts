import { describe, expect, it } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import { appToBody } from './app-to-body.ts';
import { parseAppView } from './app-view.ts';
import { parseComposeOutline } from './compose-outline.ts';
import type { DesiredDocument, DesiredValue } from './desired-document.ts';
import { parseFleetView } from './fleet-view.ts';
import { connectorFor, recordTypeOf } from './services-to-body.ts';

const id = (letter: string) => letter.repeat(26);
const NODE = id('n');
const HASH = 'a'.repeat(64);

function document(
  fields: Record<string, DesiredValue>,
  collections: Record<string, Record<string, DesiredValue>[]> = {},
): DesiredDocument {
  return {
    fields,
    collections: Object.fromEntries(
      Object.entries(collections).map(([name, items]) => [
        name,
        items.map((item, index) => ({ id: id('bcdefg'.charAt(index)), fields: item })),
      ]),
    ),
    clashes: [],
  };
}

const fleet = unwrap(
  parseFleetView(
    document(
      { name: 'home' },
      {
        ingresses: [
          {
            appId: id('i'),
            node: NODE,
            image: 'traefik:v3.7',
            httpPort: 80,
            httpsPort: 443,
            acme: null,
            publicAddresses: ['192.0.2.9'],
          },
        ],
        connectors: [
          { appId: id('w'), node: NODE, vendor: 'cloudflare', settings: { zones: ['example.com'] } },
          { appId: id('x'), node: NODE, vendor: 'cloudflare', settings: { zones: ['lab.example.com'] } },
        ],
      },
    ),
  ),
);

const fields = { name: 'feeds', node: NODE, compose: 'services:\n  web:\n    image: lab/web:1\n' };
const route = { hostname: 'feeds.lab.example.com', service: 'web', port: 8080 };

describe('appToBody', () => {
  it('points a record at the ingress’s public address, through the connector with the longest zone', () => {
    const body = unwrap(appToBody(unwrap(parseAppView(id('a'), document(fields, { routes: [route] }))), fleet));
    expect(body.dns).toEqual([
      {
        routeId: id('b'),
        connector: id('x'),
        type: 'A',
        name: 'feeds.lab.example.com',
        content: '192.0.2.9',
        proxied: false,
      },
    ]);
    expect(connectorFor('example.com', fleet)?.appId).toBe(id('w'));
    expect(connectorFor('notexample.com', fleet)).toBeUndefined();
  });

  it.each([
    ['app.no-node', { ...fields, node: null }, {}],
    ['compose.no-image', { ...fields, compose: 'services:\n  web:\n    build: .\n' }, {}],
    ['route.unknown-service', fields, { routes: [{ ...route, service: 'wbe' }] }],
    ['secret.not-sealed', fields, { secrets: [{ name: 'token', ownerCopy: HASH }] }],
  ])('refuses with %s and names the mend', (code, appFields, collections) => {
    const result = appToBody(unwrap(parseAppView(id('a'), document(appFields, collections as never))), fleet);
    expect(result.ok ? 'ok' : result.error.code).toBe(code);
    expect(result.ok ? '' : result.error.next).not.toBe('');
  });

  it('tells A, AAAA and CNAME apart', () => {
    expect([recordTypeOf('192.0.2.1'), recordTypeOf('2001:db8::1'), recordTypeOf('home.example.net')]).toEqual([
      'A',
      'AAAA',
      'CNAME',
    ]);
  });

  it('names the field of a value that does not fit', () => {
    const result = parseAppView(id('a'), document({ ...fields, name: 'Not A Name' }));
    expect(result.ok ? '' : result.error.field).toBe('name');
  });
});

describe('parseComposeOutline', () => {
  it('names line and column of a broken file', () => {
    const result = parseComposeOutline('services:\n  web:\n    image: "a\n');
    expect(result.ok ? '' : result.error.message).toMatch(/line \d+, column \d+/);
  });

  it('A8-20: refuses duplicate keys', () => {
    expect(parseComposeOutline('services:\n  web: {image: a}\n  web: {image: b}\n').ok).toBe(false);
  });
});
