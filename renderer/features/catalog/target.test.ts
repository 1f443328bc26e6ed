import { describe, expect, it } from 'vitest';
import type { AppRow, NodeRow, RouteRow } from '#shared/contracts/ipc/index.ts';
import { decideTarget, nothingChosen, routeOf, type TargetWorld } from './target.ts';

const node = (id: string, more: Partial<NodeRow> = {}): NodeRow => ({
  id,
  nodeId: id,
  name: id,
  status: 'online',
  lastSeenAt: null,
  session: null,
  holding: null,
  facts: null,
  exceptions: [],
  openings: [],
  seenAt: null,
  apps: [],
  ingress: {
    appId: 'i',
    httpPort: 80,
    httpsPort: 443,
    acme: { email: 'me@example.com', caServer: '' },
    publicAddresses: ['192.0.2.1'],
    status: 'running',
    released: true,
  },
  connectors: [{ appId: 'c', vendor: 'cloudflare', zones: ['example.com'], baseUrl: null, released: true }],
  ...more,
});

const app = (id: string, name: string, status: AppRow['status'] = 'running') => ({ id, name, status }) as AppRow;
const route = (appId: string, hostname: string) => ({ appId, appName: appId, hostname }) as RouteRow;

const world = (more: Partial<TargetWorld> = {}): TargetWorld => ({
  nodes: [node('cellar')],
  apps: [],
  routes: [],
  suggestFrom: 'miniflux',
  mayBePublic: true,
  draftId: null,
  ...more,
});

describe('where a new app goes', () => {
  it('is complete with nothing chosen where one server and one zone are', () => {
    expect(decideTarget(nothingChosen, world())).toMatchObject({
      node: { id: 'cellar' },
      name: 'miniflux',
      isPublic: true,
      hostname: 'miniflux.example.com',
      isComplete: true,
    });
  });

  it('is asked for among several servers', () => {
    const nodes = [node('cellar'), node('attic')];
    expect(decideTarget(nothingChosen, world({ nodes }))).toMatchObject({ node: undefined, isComplete: false });
    expect(decideTarget({ ...nothingChosen, nodeId: 'attic' }, world({ nodes })).isComplete).toBe(true);
  });

  it('avoids names that are taken, by removed apps too: their data still goes by it', () => {
    const apps = [app('1', 'miniflux'), app('2', 'miniflux-2', 'removed')];
    expect(decideTarget(nothingChosen, world({ apps })).name).toBe('miniflux-3');
    expect(decideTarget({ ...nothingChosen, name: 'miniflux' }, world({ apps })).nameProblem).toBe('taken');
  });

  it('does not stand in its own way when a draft is changed', () => {
    const about = { apps: [app('d', 'miniflux', 'draft')], routes: [route('d', 'miniflux.example.com')], draftId: 'd' };
    expect(decideTarget(nothingChosen, world(about))).toMatchObject({ name: 'miniflux', isComplete: true });
  });

  it('lets the hostname follow the name until somebody types one', () => {
    const named = { ...nothingChosen, name: 'feeds' };
    expect(decideTarget(named, world()).hostname).toBe('feeds.example.com');
    expect(decideTarget({ ...named, hostname: 'x.example.org' }, world()).hostname).toBe('x.example.org');
  });

  it('has no public name by itself where no ingress is, but may be given one', () => {
    const nodes = [node('cellar', { ingress: null })];
    expect(decideTarget(nothingChosen, world({ nodes })).isPublic).toBe(false);
    expect(decideTarget({ ...nothingChosen, isPublic: true }, world({ nodes })).isPublic).toBe(true);
    expect(decideTarget({ ...nothingChosen, isPublic: true }, world({ mayBePublic: false })).isPublic).toBe(false);
  });

  it('needs a name that no other app has', () => {
    const about = { routes: [route('other', 'miniflux.example.com')] };
    const choice = { ...nothingChosen, hostname: 'miniflux.example.com' };
    expect(decideTarget(choice, world(about))).toMatchObject({ verdict: { kind: 'taken' }, isComplete: false });
  });
});

describe('the route that is asked for', () => {
  it('takes certificates from the ingress, and none where it has none', () => {
    const target = decideTarget(nothingChosen, world());
    expect(routeOf(target, nothingChosen)).toEqual({ hostname: 'miniflux.example.com' });
    const ingress = { ...node('x').ingress, acme: null } as NodeRow['ingress'];
    const plain = decideTarget(nothingChosen, world({ nodes: [node('cellar', { ingress })] }));
    expect(routeOf(plain, nothingChosen, { service: 'web', port: 80 })).toEqual({
      hostname: 'miniflux.example.com',
      service: 'web',
      port: 80,
      tls: 'off',
    });
  });

  it('is none without a public name', () => {
    const choice = { ...nothingChosen, isPublic: false };
    expect(routeOf(decideTarget(choice, world()), choice)).toBeUndefined();
  });

  it('carries the address where the ingress names none', () => {
    const ingress = { ...node('x').ingress, publicAddresses: [] as string[] } as NodeRow['ingress'];
    const choice = { ...nothingChosen, address: ' 192.0.2.7 ' };
    const target = decideTarget(choice, world({ nodes: [node('cellar', { ingress })] }));
    expect(target.needsAddress).toBe(true);
    expect(routeOf(target, choice)).toMatchObject({ address: '192.0.2.7' });
  });
});
