import { describe, expect, it } from 'vitest';
import { cacheName, decideFetch, decideOldCaches } from './decide-fetch.ts';
import { isNewVersion } from './precache.ts';

const origin = 'https://core.lan:7443';
const files = new Set(['/index.html', '/assets/index-abc.js', '/robots.txt']);

function decide(path: string, about: { method?: string; isNavigation?: boolean } = {}) {
  return decideFetch({
    method: about.method ?? 'GET',
    isNavigation: about.isNavigation ?? false,
    url: new URL(path, origin),
    origin,
    files,
  });
}

describe('what the service worker does with a request', () => {
  it.each(['/api', '/api/v1/events', '/api/v1/session', '/api/../api/v1/apps'])('never touches %s', (path) => {
    expect(decide(path)).toBe('leave');
    expect(decide(path, { isNavigation: true })).toBe('leave');
  });

  it.each(['POST', 'PUT', 'DELETE', 'HEAD'])('never touches a %s', (method) => {
    expect(decide('/', { method, isNavigation: true })).toBe('leave');
    expect(decide('/assets/index-abc.js', { method })).toBe('leave');
  });

  it('never touches another origin, nor another port of the same host', () => {
    expect(decide('https://app.lan/assets/index-abc.js')).toBe('leave');
    expect(decide('https://core.lan/', { isNavigation: true })).toBe('leave');
  });

  it('answers hashed files from the cache, those of an older build too', () => {
    expect(decide('/assets/index-abc.js')).toBe('cache-first');
    expect(decide('/assets/index-older.js')).toBe('cache-first');
  });

  it.each(['/', '/apps', '/apps/01H/logs?follow=1', '/apihelp', '/assetsfoo'])('gives the shell for %s', (path) => {
    expect(decide(path, { isNavigation: true })).toBe('shell');
  });

  it('keeps other files of the build, and leaves what it does not know', () => {
    expect(decide('/robots.txt')).toBe('network-first');
    expect(decide('/unknown.txt')).toBe('leave');
  });
});

describe('old caches', () => {
  it('go, but for the build before this one and what is not ours', () => {
    const names = ['else', cacheName('1'), cacheName('2'), cacheName('3'), cacheName('4')];
    expect(decideOldCaches(names, '4')).toEqual([cacheName('1'), cacheName('2')]);
  });

  it('of a build that returned stay as well', () => {
    expect(decideOldCaches([cacheName('1'), cacheName('2')], '1')).toEqual([]);
    expect(decideOldCaches([], '1')).toEqual([]);
  });
});

describe('the message about a new version', () => {
  it.each([null, 'new-version', {}, { type: 'new-version' }, { type: 'other', entry: '/a.js' }])(
    'is not %j',
    (data) => {
      expect(isNewVersion(data)).toBe(false);
    },
  );

  it('is one with the entry of the new build', () => {
    expect(isNewVersion({ type: 'new-version', version: '1', entry: '/a.js' })).toBe(true);
  });
});
