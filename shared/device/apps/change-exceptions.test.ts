import { expect, it } from 'vitest';
import { standingExceptions } from './change-exceptions.ts';

const port = { rule: 'publish-port', service: 'dns', value: '53:53/udp', reason: 'devices ask it by address' };
const folder = { rule: 'host-folder', service: null, value: '/srv/media:/media:ro', reason: 'films' };

it('P8: what runs and what is wanted stand side by side, each exception once, with how it stands', () => {
  expect(standingExceptions([port], [port])).toEqual([{ ...port, state: 'in force' }]);
  expect(standingExceptions([port, folder], [port])).toEqual([
    { ...port, state: 'in force' },
    { ...folder, state: 'to be signed' },
  ]);
  expect(standingExceptions([folder], [port])).toEqual([
    { ...port, state: 'to be withdrawn' },
    { ...folder, state: 'to be signed' },
  ]);
});

it('for one service and for the whole app are two exceptions', () => {
  expect(standingExceptions([{ ...port, service: null }], [port]).map(({ state }) => state)).toEqual([
    'to be withdrawn',
    'to be signed',
  ]);
});
