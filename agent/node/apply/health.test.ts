import { describe, expect, test } from 'vitest';
import type { PreparedService } from '../compose/prepared.ts';
import type { ContainerState } from '../engine/engine.ts';
import { findStartFirst } from './bring-up.ts';
import { decideHealth } from './health.ts';
import { stopOrder } from './stop.ts';

const service = (more: Partial<PreparedService> = {}): PreparedService =>
  ({
    name: 'web',
    definition: 'new',
    replicas: 1,
    canRunTwice: false,
    isOneShot: false,
    isRouted: false,
    dependsOn: [],
    ...more,
  }) as PreparedService;
const container = (more: Partial<ContainerState> = {}): ContainerState =>
  ({
    id: 'c1',
    service: 'web',
    definition: 'new',
    status: 'running',
    health: 'none',
    exitCode: 0,
    startedAt: 't',
    restarts: 0,
    restartPolicy: 'no',
    labels: {},
    ...more,
  }) as ContainerState;

describe('health', () => {
  test.each<[string, Partial<ContainerState>, string]>([
    ['running without a check', {}, 'good'],
    ['healthy', { health: 'healthy' }, 'good'],
    ['starting', { health: 'starting' }, 'waiting'],
    ['unhealthy', { health: 'unhealthy' }, 'sick'],
    ['restarting', { status: 'restarting', restartPolicy: 'always' }, 'waiting'],
    ['ended and will start again', { status: 'exited', exitCode: 1, restartPolicy: 'always' }, 'waiting'],
    ['ended for good', { status: 'exited', exitCode: 1 }, 'bad'],
    ['ended well, but nobody waited for that', { status: 'exited', exitCode: 0 }, 'bad'],
    ['ended well under on-failure', { status: 'exited', exitCode: 0, restartPolicy: 'on-failure' }, 'bad'],
    ['restarted three times', { restarts: 3, restartPolicy: 'always' }, 'bad'],
    ['created', { status: 'created' }, 'waiting'],
    ['of an older definition', { definition: 'old' }, 'waiting'],
  ])('%s is %s', (_, state, expected) => {
    expect(decideHealth([service()], [container(state)]).is).toBe(expected);
  });

  test('a service that runs once is good when it ended with 0, bad with anything else', () => {
    const once = service({ isOneShot: true });
    expect(decideHealth([once], [container({ status: 'exited' })]).is).toBe('good');
    expect(decideHealth([once], [container({ status: 'exited', exitCode: 2 })]).is).toBe('bad');
    expect(decideHealth([once], [container()]).is).toBe('waiting');
  });

  test('bad beats sick beats waiting beats good, and every replica counts', () => {
    const two = [service(), service({ name: 'db' })];
    const db = (state: Partial<ContainerState>) => container({ id: 'c2', service: 'db', ...state });
    expect(decideHealth(two, [container({ health: 'unhealthy' }), db({ status: 'exited' })]).is).toBe('bad');
    expect(decideHealth(two, [container({ health: 'unhealthy' }), db({ health: 'starting' })]).is).toBe('sick');
    expect(decideHealth([service({ replicas: 2 })], [container()]).is).toBe('waiting');
    expect(decideHealth([service({ replicas: 0 })], []).is).toBe('good');
  });

  test('a restart changes the key, so that settling begins anew', () => {
    const key = (startedAt: string) => decideHealth([service()], [container({ startedAt })]);
    expect(key('a')).not.toEqual(key('b'));
  });
});

describe('starting beside the old', () => {
  const model = (services: PreparedService[]) =>
    ({ services: new Map(services.map((one) => [one.name, one])) }) as never;
  const old = container({ id: 'old', definition: 'old' });

  test('P6: a stateless routed service gets its new containers first', () => {
    const found = findStartFirst(model([service({ canRunTwice: true, replicas: 2 })]), [old]);
    expect(found.map((one) => one.total)).toEqual([3]);
  });
  test('not when something else that changes keeps data', () => {
    const db = container({ id: 'db', service: 'db', definition: 'old' });
    expect(findStartFirst(model([service({ canRunTwice: true }), service({ name: 'db' })]), [old, db])).toEqual([]);
  });
  test('not when nothing runs or nothing changes', () => {
    const able = model([service({ canRunTwice: true })]);
    expect(findStartFirst(able, [{ ...old, status: 'exited' }])).toEqual([]);
    expect(findStartFirst(able, [container()])).toEqual([]);
    expect(findStartFirst(able, [])).toEqual([]);
  });
});

test('those that need others stop first; a circle stops at once', () => {
  const one = (name: string, needs: string) =>
    container({ id: name, service: name, labels: { 'com.docker.compose.depends_on': needs } });
  const order = stopOrder([
    one('db', ''),
    one('web', 'api:service_started:false'),
    one('api', 'db:service_healthy:true'),
  ]);
  expect(order.map((wave) => wave.map((container) => container.service))).toEqual([['web'], ['api'], ['db']]);
  expect(stopOrder([one('a', 'b:x:y'), one('b', 'a:x:y')])).toHaveLength(1);
});
