import { expect, it } from 'vitest';
import { linkOfArguments, parseDeepLink } from './deep-link.ts';

it.each([
  ['overseer://app/', '/'],
  ['overseer://app', '/'],
  ['overseer://app/apps/abc', '/apps/abc'],
  ['overseer://app/apps/abc?do=delete', '/apps/abc'],
  ['overseer://app/a/b/c/d/e', null],
  ['overseer://app/../../etc', '/etc'],
  ['overseer://app/%2e%2e/x', '/x'],
  ['overseer://app/a%20b', null],
  ['overseer://prompt/', null],
  ['overseer://user@app/apps', null],
  ['https://app/apps', null],
  ['javascript:alert(1)', null],
  [`overseer://app/${'a'.repeat(600)}`, null],
])('A8-31: %s leads to %s', (link, path) => {
  expect(parseDeepLink(link)).toBe(path);
});

it('is found among the arguments of a second start', () => {
  expect(linkOfArguments(['/opt/overseer', '--hidden', 'overseer://app/nodes', 'overseer://app/apps'])).toBe('/nodes');
  expect(linkOfArguments(['/opt/overseer', '/etc/passwd'])).toBeNull();
});
