import { expect, it } from 'vitest';
import { decideExternal, decideNavigation } from './navigation.ts';

const routes = ['https://miniflux.home.example/', 'http://wiki.lan:8080/'];

it.each([
  ['https://docs.example.com/x', true],
  ['https://miniflux.home.example/feed', true],
  ['http://wiki.lan:8080/page', true],
  ['http://wiki.lan/', false],
  ['http://wiki.lan:8081/', false],
  ['http://docs.example.com/', false],
  ['https://user:word@docs.example.com/', false],
  ['https://user@docs.example.com/', false],
  ['file:///etc/passwd', false],
  ['smb://nas/share', false],
  ['\\\\nas\\share', false],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['ms-msdt:/id', false],
  ['vscode://file/x', false],
  ['overseer://app/nodes', false],
  ['HTTPS://DOCS.example.com', true],
  ['', false],
  ['https://', false],
  [`https://docs.example.com/${'x'.repeat(3_000)}`, false],
])('A8-31: opening %s outside: %s', (url, allowed) => {
  expect(decideExternal(url, routes)).toBe(allowed);
});

it.each([
  ['overseer://app/nodes', 'go'],
  ['overseer://app/', 'go'],
  ['overseer://prompt/', 'stay'],
  ['overseer://app.evil.example/', 'stay'],
  ['overseer://user@app/', 'stay'],
  ['https://app/', 'stay'],
  ['https://docs.example.com/', 'stay'],
  ['file:///etc/passwd', 'stay'],
  ['about:blank', 'stay'],
  ['javascript:alert(1)', 'stay'],
  ['blob:overseer://app/x', 'stay'],
  ['nonsense', 'stay'],
])('A8-31: a page going to %s: %s', (url, decision) => {
  expect(decideNavigation(url, ['overseer://app'])).toBe(decision);
});
