import { expect, test } from 'vitest';
import type { AppBody } from '#shared/domain/apps/index.ts';
import { decideState, type StateOrder } from './change-state.ts';
import type { DeployedApp } from './deployed-app.ts';

const appOf = (state: AppBody['state']) => ({ view: { name: 'web' }, body: { state } }) as unknown as DeployedApp;
const remove = (...deleteVolumes: string[]): StateOrder => ({ verb: 'remove', deleteVolumes });

test.each<[AppBody['state'], StateOrder, unknown]>([
  ['running', { verb: 'stop' }, { state: 'stopped' }],
  ['stopped', { verb: 'stop' }, 'app.not-running'],
  ['removed', { verb: 'stop' }, 'app.not-running'],
  ['running', { verb: 'start' }, 'app.not-stopped'],
  ['stopped', { verb: 'start' }, { state: 'running' }],
  ['removed', { verb: 'start' }, 'app.removed'],
  ['running', remove(), { state: 'removed', deleteVolumes: [] }],
  ['stopped', remove('data'), { state: 'removed', deleteVolumes: ['data'] }],
  ['removed', remove(), 'app.removed'],
  ['removed', remove('data'), { state: 'removed', deleteVolumes: ['data'] }],
])('P4: an app that is %s, on the order %j', (state, order, expected) => {
  const decided = decideState(appOf(state), order);
  expect(decided.ok ? decided.value : decided.error.code).toEqual(expected);
});
