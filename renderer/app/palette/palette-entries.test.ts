import { describe, expect, it } from 'vitest';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { app } from '../../dev/fixtures/apps.ts';
import { node } from '../../dev/fixtures/nodes.ts';
import { paletteEntries } from './palette-entries.ts';

const nuc = node('nuc');
const find = (query: string, apps: readonly AppRow[], has: (path: string) => boolean = () => true) =>
  paletteEntries(query, { apps, nodes: [nuc], screens: [], has });
const labels = (query: string, apps: readonly AppRow[]) => find(query, apps).map(({ label }) => label);

describe('the palette', () => {
  it('finds an app, and what can be done with it', () => {
    const found = labels('mini', [app('miniflux', nuc), app('gitea', nuc)]);
    expect(found[0]).toBe('miniflux');
    expect(found).toContain('Stop miniflux');
    expect(found).toContain('Restart miniflux');
    expect(found).toContain('Roll miniflux back');
    expect(found.join()).not.toContain('gitea');
  });

  it('takes words in any order', () => {
    expect(labels('flux stop', [app('miniflux', nuc)])).toEqual(['Stop miniflux']);
    expect(labels('logs mini', [app('miniflux', nuc)])).toEqual(['miniflux: logs']);
  });

  it('offers only what fits the state of the app', () => {
    expect(labels('start', [app('a-start', nuc, 'stopped')])).toContain('Start a-start');
    const drafts = labels('draft', [app('draft', nuc, 'draft')]);
    expect(drafts.filter((label) => /^(Stop|Start|Roll)/.test(label))).toEqual([]);
    const atWork = labels('miniflux', [app('miniflux', nuc, 'running', { waiting: true })]);
    expect(atWork.filter((label) => /^(Stop|Restart|Roll)/.test(label))).toEqual([]);
    expect(labels('restart', [app('no-restart', nuc, 'stopped')])).not.toContain('Restart no-restart');
    expect(labels('proxy', [app('proxy', nuc, 'running', { kind: 'ingress' })])).not.toContain('Stop proxy');
  });

  it('sets the colours when they are sought, by their name or as a theme', () => {
    const deed = (query: string) => find(query, []).map((entry) => entry.deed);
    expect(deed('theme')).toEqual(['light', 'dark', 'auto'].map((scheme) => ({ kind: 'scheme', scheme })));
    expect(deed('colours dark')).toEqual([{ kind: 'scheme', scheme: 'dark' }]);
    expect(deed('').filter(({ kind }) => kind === 'scheme')).toEqual([]);
  });

  it('shows few of a thousand, those that begin with the query first', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => app(`service-${index}`, nuc));
    const found = find('service', [app('my-service', nuc), ...many]).filter(({ group }) => group === 'apps');
    expect(found.length).toBeLessThan(10);
    expect(found[0]?.label).toBe('service-0');
  });

  it('leads nowhere that this build does not have', () => {
    const has = (path: string) => path === '/plan';
    expect(find('', [app('miniflux', nuc)], has).map(({ deed }) => deed)).toEqual([{ kind: 'go', path: '/plan' }]);
    expect(find('mini', [app('miniflux', nuc)], has)).toEqual([]);
  });
});
