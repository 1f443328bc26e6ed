import { expect, it } from 'vitest';
import { createSeededRandom } from '#shared/testing/deterministic.ts';
import { decideRetryMs } from './backoff.ts';

it('waits longer each time, never longer than 30 s, never less than half of it', () => {
  const random = createSeededRandom(1);
  for (let tries = 0; tries < 40; tries++) {
    const whole = Math.min(30_000, 500 * 2 ** tries);
    const waitMs = decideRetryMs(tries, random);
    expect(waitMs).toBeGreaterThanOrEqual(whole / 2);
    expect(waitMs).toBeLessThanOrEqual(whole);
  }
});
