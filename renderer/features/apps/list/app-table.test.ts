import { describe, expect, it } from 'vitest';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { actionsOf, actionsOfAll } from './app-actions.ts';
import { countApps, filterApps, urgencyOf } from './app-table.ts';

let made = 0;
const row = (about: Partial<AppRow>): AppRow => ({
  id: `id${made++}`,
  name: 'feeds',
  kind: 'app',
  node: { nodeId: 'n1', name: 'cellar', status: 'online' },
  source: { kind: 'compose' },
  status: 'running',
  wanted: 'running',
  urls: [],
  number: 3,
  running: 3,
  job: null,
  edited: false,
  oldSecrets: [],
  voidSigner: null,
  waiting: false,
  clashes: [],
  seenAt: null,
  ...about,
});

const all = { text: '', nodeId: null, status: null } as const;
const names = (rows: readonly AppRow[]) => rows.map((one) => one.name);

describe('the list of apps', () => {
  const rows = [
    row({
      name: 'feeds',
      urls: ['https://feeds.example.com'],
      source: { kind: 'catalog', id: 'miniflux', version: '1' },
    }),
    row({ name: 'app10', status: 'away', node: { nodeId: 'n2', name: 'attic', status: 'offline' } }),
    row({ name: 'app9', edited: true }),
    row({ name: 'old', status: 'removed', wanted: 'removed' }),
    row({ name: 'traefik', kind: 'ingress' }),
    row({ name: 'new', status: 'draft', number: 0, running: null, wanted: null, node: null, clashes: ['compose'] }),
  ];

  it('leaves out what is not an app, and removed ones until somebody asks', () => {
    expect(names(filterApps(rows, all))).toEqual(['feeds', 'app10', 'app9', 'new']);
    expect(names(filterApps(rows, { ...all, status: 'removed' }))).toEqual(['old']);
    expect(names(filterApps(rows, { ...all, text: 'old' }))).toEqual(['old']);
  });

  it('finds every word anywhere: name, node, address, source', () => {
    expect(names(filterApps(rows, { ...all, text: 'MINIFLUX cellar' }))).toEqual(['feeds']);
    expect(names(filterApps(rows, { ...all, text: 'example.com' }))).toEqual(['feeds']);
    expect(names(filterApps(rows, { ...all, text: 'feeds attic' }))).toEqual([]);
    expect(names(filterApps(rows, { ...all, nodeId: 'n2' }))).toEqual(['app10']);
    expect(names(filterApps(rows, { ...all, status: 'pending' }))).toEqual(['app9', 'new']);
    expect(names(filterApps(rows, { ...all, status: 'attention' }))).toEqual(['app10', 'new']);
  });

  it('puts what needs a person first', () => {
    const statuses = ['running', 'away', 'stopped', 'degraded'] as const;
    expect([...statuses].sort((a, b) => urgencyOf(a) - urgencyOf(b))).toEqual([
      'away',
      'degraded',
      'running',
      'stopped',
    ]);
  });

  it('counts what the filters would show', () => {
    expect(countApps(rows)).toEqual({ all: 4, attention: 2, pending: 2 });
  });

  it('filters a thousand apps within a frame', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => row({ name: `app${index}` }));
    const began = performance.now();
    for (let round = 0; round < 10; round++) filterApps(many, { ...all, text: 'app5' });
    expect((performance.now() - began) / 10).toBeLessThan(100);
  });
});

describe('what can be done with an app', () => {
  it('follows its state', () => {
    expect(actionsOf(row({}))).toEqual(['stop', 'restart', 'rollback', 'logs', 'remove']);
    expect(actionsOf(row({ edited: true, number: 1 }))).toEqual(['deploy', 'stop', 'restart', 'logs', 'remove']);
    expect(actionsOf(row({ wanted: 'stopped', status: 'stopped' }))).toEqual(['start', 'rollback', 'remove']);
    expect(actionsOf(row({ number: 0, running: null, wanted: null, status: 'draft' }))).toEqual(['deploy', 'discard']);
    expect(actionsOf(row({ wanted: 'removed', status: 'removed' }))).toEqual([]);
    expect(actionsOf(row({ job: { id: 'j', verb: 'deploy', state: 'running' } }))).toEqual(['logs']);
    expect(actionsOf(row({ waiting: true }))).toEqual(['logs']);
  });

  it('of several apps is what all of them can', () => {
    expect(actionsOfAll([row({}), row({ number: 1 })])).toEqual(['stop', 'restart', 'remove']);
    expect(actionsOfAll([row({}), row({ wanted: 'stopped' })])).toEqual(['rollback', 'remove']);
    expect(actionsOfAll([])).toEqual([]);
  });
});
