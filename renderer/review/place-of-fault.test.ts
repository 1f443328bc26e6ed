import { describe, expect, it } from 'vitest';
import { placeOfFault, placeOfOrder } from './place-of-fault.ts';

const here = { appId: 'app', nodeId: 'node' };
const hrefOf = (code: string, field?: string, at: Parameters<typeof placeOfFault>[1] = here) =>
  placeOfFault({ code, kind: 'permanent', message: '', next: '', ...(field ? { field } : {}) }, at)?.href;

describe('where a fault is mended', () => {
  it.each([
    ['compose.invalid', '/apps/app/compose'],
    ['gate.refused', '/apps/app/compose'],
    ['image.not-found', '/apps/app/compose'],
    ['secret.no-use', '/apps/app/secrets'],
    ['route.unknown-service', '/apps/app/routes'],
    ['dns.foreign-record', '/apps/app/routes'],
    ['app.no-node', '/apps/app/settings'],
    ['app.clash', '/apps/app'],
    ['ingress.absent', '/nodes/node?open=ingress'],
    ['route.no-acme', '/nodes/node?open=ingress'],
    ['dns.no-address', '/nodes/node?open=ingress'],
    ['dns.token-refused', '/nodes/node#dns'],
    ['certificate.not-issued', '/nodes/node#ingress'],
  ])('%s: %s', (code, href) => {
    expect(hrefOf(code)).toBe(href);
  });

  it('is the tab of the field that it names', () => {
    expect(hrefOf('app.malformed', 'policies.healthTimeoutMs')).toBe('/apps/app/settings');
    expect(hrefOf('app.malformed', 'env/TZ')).toBe('/apps/app/environment');
    expect(hrefOf('app.malformed', 'hostname')).toBe('/apps/app/routes');
  });

  it('is nowhere when no screen mends it, or its node is not known', () => {
    expect(hrefOf('core.unreachable')).toBeUndefined();
    expect(hrefOf('app.malformed', 'constructor')).toBeUndefined();
    expect(hrefOf('constructor.broke')).toBeUndefined();
    expect(hrefOf('ingress.absent', undefined, { appId: 'app', nodeId: null })).toBeUndefined();
  });

  it('is not an app for what is the node’s own', () => {
    const fault = { code: 'compose.invalid', kind: 'permanent', message: '', next: '' } as const;
    expect(placeOfOrder(fault, { ...here, verb: 'deploy' })?.href).toBe('/apps/app/compose');
    expect(placeOfOrder(fault, { ...here, verb: 'ingress' })).toBeUndefined();
    expect(placeOfOrder(fault, { ...here, verb: 'connector' })).toBeUndefined();
  });
});
