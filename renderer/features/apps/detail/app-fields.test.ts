import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICIES, readEnv, readExceptions, readPolicies, readRoutes } from './app-fields.ts';

describe('an app read from its view document', () => {
  it('gives variables by name', () => {
    const items = [
      { id: 'b', fields: { key: 'TZ', value: 'UTC' } },
      { id: 'a', fields: { key: 'PORT', value: '80' } },
    ];
    expect(readEnv(items).map(({ key }) => key)).toEqual(['PORT', 'TZ']);
  });

  it('fills in what a route does not say', () => {
    expect(
      readRoutes([{ id: 'a', fields: { hostname: 'x.example', service: 'web', port: 8080, address: '' } }]),
    ).toEqual([
      {
        id: 'a',
        hostname: 'x.example',
        service: 'web',
        port: 8080,
        scheme: 'http',
        tls: 'acme',
        dns: 'auto',
        address: null,
        proxied: false,
      },
    ]);
  });

  it('leaves aside what does not fit', () => {
    expect(readPolicies('fast')).toEqual(DEFAULT_POLICIES);
    expect(readPolicies({ healthTimeoutMs: 1_000, settleMs: 'x' })).toEqual({
      healthTimeoutMs: 1_000,
      settleMs: 5_000,
    });
    expect(readExceptions([{ id: 'a', fields: { rule: 'publish-port', value: 3 } }])).toEqual([
      { id: 'a', rule: 'publish-port', service: null, value: '', reason: '' },
    ]);
    expect(readEnv([{ id: 'a', fields: { key: 1 } }])).toEqual([{ id: 'a', key: '', value: '' }]);
  });
});
