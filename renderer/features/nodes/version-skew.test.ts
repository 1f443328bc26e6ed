import { expect, it } from 'vitest';
import { compareVersions } from './version-skew.ts';

it.each([
  ['1.4.2', '1.4.2', 'same'],
  ['1.4.1', '1.4.2', 'older'],
  ['1.5.0', '1.4.2', 'newer'],
  ['1.3.9', '1.4.2', 'older'],
  ['1.2.9', '1.4.2', 'too-old'],
  ['1.6.0', '1.4.2', 'too-new'],
  ['0.9.0', '1.0.0', 'too-old'],
  ['2.0.0', '1.9.0', 'too-new'],
  ['1.4.2-rc.1', '1.4.2', 'same'],
  [null, '1.4.2', 'unknown'],
  ['main', '1.4.2', 'unknown'],
])('P9: an agent at %s stands to %s as %s', (agent, ours, skew) => {
  expect(compareVersions(agent, ours)).toBe(skew);
});
