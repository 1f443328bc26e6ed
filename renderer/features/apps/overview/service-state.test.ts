import { expect, it } from 'vitest';
import { serviceTone } from './service-state.ts';

it.each([
  ['running', 'healthy', null, 'good'],
  ['running', 'none', null, 'good'],
  ['running', 'starting', null, 'busy'],
  ['running', 'unhealthy', null, 'bad'],
  ['exited', 'none', 0, 'quiet'],
  ['exited', 'none', 137, 'bad'],
  ['restarting', 'healthy', 1, 'warn'],
  ['missing', 'none', null, 'bad'],
] as const)('a service that is %s and %s with exit code %s is %s', (state, health, exitCode, tone) => {
  expect(serviceTone({ state, health, exitCode })).toBe(tone);
});
