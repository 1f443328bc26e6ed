import { expect, test } from 'vitest';
import { startFault } from './start-fault.ts';

test.each([
  [
    'Error response from daemon: driver failed programming external connectivity on endpoint ov-a-web-1: Bind for 0.0.0.0:8090 failed: port is already allocated',
    'engine.port-taken',
  ],
  [
    'failed to bind host port for 0.0.0.0:53:172.1.0.2:53/tcp: listen tcp4 0.0.0.0:53: bind: address already in use',
    'engine.port-taken',
  ],
  ['write /x: no space left on device', 'engine.disk-full'],
  ['dependency failed to start: container ov-a-db-1 is unhealthy', 'app.unhealthy'],
  ['dependency failed to start: container ov-a-my-db-1 exited (2)', 'app.exited'],
  ['service "migrate" didn\'t complete successfully: exit 7', 'app.exited'],
  ['something else', 'engine.start-failed'],
])('%s is %s', (message, code) => {
  expect(startFault(message, 'ov-a').code).toBe(code);
});

test('names the service and the code', () => {
  expect(startFault('dependency failed to start: container ov-a-my-db-1 exited (2)', 'ov-a').detail).toEqual({
    service: 'my-db',
    exitCode: '2',
  });
});
