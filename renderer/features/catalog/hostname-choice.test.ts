import { describe, expect, it } from 'vitest';
import { judgeHostname, knownDomains, suggestHostnames } from './hostname-choice.ts';

const taken = [
  { hostname: 'feeds.example.com', appName: 'feeds' },
  { hostname: 'status.home.example.org', appName: 'kuma' },
  { hostname: 'wiki.home.example.org', appName: 'wiki' },
  { hostname: 'example.net', appName: 'site' },
];

describe('domains that are known', () => {
  it('are zones first, then those of other routes by use', () => {
    expect(knownDomains(['example.com'], taken)).toEqual(['example.com', 'home.example.org']);
    expect(knownDomains([], taken)).toEqual(['home.example.org', 'example.com']);
  });

  it('never are a top-level domain alone', () => {
    expect(knownDomains([], [{ hostname: 'example.net', appName: 'site' }])).toEqual([]);
  });
});

describe('a suggested name', () => {
  it('is free and valid', () => {
    expect(suggestHostnames('feeds', ['example.com'], taken)).toEqual(['feeds.home.example.org']);
    expect(suggestHostnames('a_b', ['example.com'], taken)).toEqual([]);
    expect(suggestHostnames('x', [], [])).toEqual([]);
  });

  it('comes at most so often', () => {
    expect(suggestHostnames('x', ['a.com', 'b.com', 'c.com'], [], 2)).toEqual(['x.a.com', 'x.b.com']);
  });
});

describe('a typed name', () => {
  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['feeds', 'malformed'],
    ['https://feeds.example.com', 'malformed'],
    ['*.example.com', 'malformed'],
    ['192.168.1.2', 'malformed'],
    ['FEEDS.example.com ', 'taken'],
    ['news.example.com', 'free'],
  ])('%j is %s', (text, kind) => {
    expect(judgeHostname(text, taken, []).kind).toBe(kind);
  });

  it('says whose it is', () => {
    expect(judgeHostname('feeds.example.com', taken, [])).toEqual({ kind: 'taken', appName: 'feeds' });
  });

  it('knows the zone that holds it, the longest, and not one that only ends alike', () => {
    const zones = ['example.com', 'home.example.com', 'ample.com'];
    expect(judgeHostname('a.home.example.com', taken, zones)).toMatchObject({ zone: 'home.example.com' });
    expect(judgeHostname('a.example.com', taken, zones)).toMatchObject({ zone: 'example.com' });
    expect(judgeHostname('a.sample.com', taken, zones)).toMatchObject({ zone: null });
  });

  it('comes out in its ASCII form', () => {
    expect(judgeHostname('Bücher.example.com', [], [])).toMatchObject({ hostname: 'xn--bcher-kva.example.com' });
  });
});
