import { describe, expect, it } from 'vitest';
import type { RouteRow } from '#shared/contracts/ipc/index.ts';
import { conditionOf, filterRoutes } from './route-condition.ts';

const record = (status: RouteRow['records'][number]['status']) =>
  ({ type: 'A', name: 'a.example.com', content: '192.0.2.1', status }) as const;

const route = (more: Partial<RouteRow> = {}): RouteRow => ({
  id: more.hostname ?? 'r',
  routeId: 'r',
  appId: 'a',
  appName: 'feeds',
  node: 'n',
  nodeName: 'cellar',
  hostname: 'feeds.example.com',
  service: 'web',
  port: 8080,
  url: 'https://feeds.example.com',
  status: 'enabled',
  message: null,
  records: [record('present')],
  tls: 'acme',
  fault: null,
  ...more,
});

const fault = (code: string, kind: 'transient' | 'conflict' | 'permanent') => ({ code, kind, message: 'm', next: 'n' });

describe('a route', () => {
  it('serves when Traefik, record and certificate are there', () => {
    expect(conditionOf(route())).toEqual({
      level: 'serving',
      dns: 'present',
      certificate: 'issued',
      recordsToMake: [],
    });
  });

  it('waits for its record', () => {
    expect(conditionOf(route({ records: [record('absent')] }))).toMatchObject({ level: 'waiting', dns: 'pending' });
  });

  it('names the record that a person makes, and does not claim to know whether it is there', () => {
    const condition = conditionOf(route({ records: [record('unknown')] }));
    expect(condition).toMatchObject({ level: 'serving', dns: 'by-hand' });
    expect(condition.recordsToMake).toHaveLength(1);
  });

  it('needs a person where no provider is set up and the host says so', () => {
    const condition = conditionOf(
      route({ records: [record('absent')], fault: fault('dns.no-connector', 'permanent') }),
    );
    expect(condition).toMatchObject({ level: 'attention', dns: 'by-hand' });
    expect(condition.recordsToMake).toHaveLength(1);
  });

  it('needs a person where a kept record is gone, and does not ask to make it by hand', () => {
    const condition = conditionOf(route({ records: [record('absent')], fault: fault('dns.record-gone', 'permanent') }));
    expect(condition).toMatchObject({ level: 'attention', dns: 'missing', recordsToMake: [] });
  });

  it('P4: shows a foreign record as a clash, and never as one to make', () => {
    const condition = conditionOf(
      route({ records: [record('clash')], fault: fault('dns.foreign-record', 'conflict') }),
    );
    expect(condition).toMatchObject({ level: 'attention', dns: 'clash', recordsToMake: [] });
  });

  it('waits for its certificate', () => {
    const condition = conditionOf(route({ fault: fault('certificate.not-issued', 'transient') }));
    expect(condition).toMatchObject({ level: 'waiting', certificate: 'waiting', dns: 'present' });
  });

  it('may want neither record nor certificate', () => {
    expect(conditionOf(route({ records: [], tls: 'off' }))).toMatchObject({
      level: 'serving',
      dns: 'off',
      certificate: 'off',
    });
  });

  it('is unknown while its node is not heard', () => {
    expect(conditionOf(route({ status: 'unknown', records: [record('unknown')] }))).toMatchObject({
      level: 'unknown',
      dns: 'unknown',
      certificate: 'unknown',
    });
  });

  it.each(['disabled', 'warning'] as const)('needs a look when Traefik says %s', (status) => {
    expect(conditionOf(route({ status })).level).toBe('attention');
  });
});

describe('the list', () => {
  const list = [
    route({ hostname: 'b.example.com' }),
    route({ hostname: 'a.example.com' }),
    route({ hostname: 'z.example.com', appName: 'wiki', fault: fault('ingress.port-taken', 'conflict') }),
  ];
  const names = (text: string) => filterRoutes(list, text).map((one) => one.hostname[0]);

  it('begins with what needs a person', () => {
    expect(names('')).toEqual(['z', 'a', 'b']);
  });

  it('is filtered by every word', () => {
    expect(names('WIKI cellar')).toEqual(['z']);
    expect(names('web:8080 a.ex')).toEqual(['a']);
    expect(names('nothing')).toEqual([]);
  });
});
