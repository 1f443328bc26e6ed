import { describe, expect, test } from 'vitest';
import { withLauncher } from './launcher-use.ts';

const launch = ['/.overseer/launch', '--env', 'P=/.overseer/env/P', '--'];
const use = (service: object, config: object) => withLauncher(service as never, ['P'], { Config: config } as never);

describe('the launcher as entrypoint', () => {
  test.each([
    ['the image’s own', {}, { Entrypoint: ['/e'], Cmd: ['c'] }, [...launch, '/e'], ['c']],
    ['no entrypoint', {}, { Cmd: ['/app', 'c'] }, launch, ['/app', 'c']],
    ['the file’s command', { command: ['d'] }, { Entrypoint: ['/e'], Cmd: ['c'] }, [...launch, '/e'], ['d']],
    [
      'the file’s entrypoint drops the image’s command',
      { entrypoint: ['/f'] },
      { Entrypoint: ['/e'], Cmd: ['c'] },
      [...launch, '/f'],
      null,
    ],
    [
      'dollars of the image are not variables',
      {},
      { Entrypoint: ['sh', '-c', 'echo $A'] },
      [...launch, 'sh', '-c', 'echo $$A'],
      null,
    ],
  ])('%s', (_, service, config, entrypoint, command) => {
    expect(use(service, config)).toMatchObject({ entrypoint, command });
  });

  test.each([
    [
      'a command',
      { healthcheck: { test: ['CMD', 'ask'], interval: '1s' } },
      {},
      { test: ['CMD', ...launch, 'ask'], interval: '1s' },
    ],
    [
      'a shell line',
      { healthcheck: { test: ['CMD-SHELL', 'ask $$P'] } },
      {},
      { test: ['CMD', ...launch, '/bin/sh', '-c', 'ask $$P'] },
    ],
    [
      'the image’s own',
      {},
      { Healthcheck: { Test: ['CMD-SHELL', 'ask $P'] } },
      { test: ['CMD', ...launch, '/bin/sh', '-c', 'ask $$P'] },
    ],
    [
      'the image’s shell',
      {},
      { Healthcheck: { Test: ['CMD-SHELL', 'x'] }, Shell: ['/bin/ash', '-ec'] },
      { test: ['CMD', ...launch, '/bin/ash', '-ec', 'x'] },
    ],
    ['none', { healthcheck: { test: ['NONE'] } }, { Healthcheck: { Test: ['CMD', 'x'] } }, undefined],
    ['disabled', { healthcheck: { disable: true } }, { Healthcheck: { Test: ['CMD', 'x'] } }, undefined],
  ])('health through it: %s', (_, service, config, healthcheck) => {
    expect(use(service, config).healthcheck).toEqual(healthcheck);
  });
});
