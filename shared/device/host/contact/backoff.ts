import type { Random } from '#shared/kernel/index.ts';

const FIRST_MS = 500;
const MOST_MS = 30_000;

/**
 * How long to wait before the next try, in milliseconds: doubled each time, and between half and all of it, so that
 * many screens do not come back to a restarted core in one moment. `tries` counts from 0.
 */
export function decideRetryMs(tries: number, random: Random): number {
  const whole = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries, 16));
  return Math.round(whole * (0.5 + (random.bytes(1)[0] ?? 0) / 510));
}
