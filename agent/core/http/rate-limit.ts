import type { Clock } from '#shared/kernel/index.ts';

/** Requests at once, and how many come back per second. */
export interface Bucket {
  readonly capacity: number;
  readonly perSecond: number;
}

/** Most callers remembered; beyond it the longest unused is forgotten. */
const MAX_CALLERS = 10_000;

/** A token bucket for each caller. Gives 0 when the request may pass, else after how many seconds it may. */
export function createRateLimit(bucket: Bucket, clock: Clock): (caller: string) => number {
  const callers = new Map<string, { tokens: number; atMs: number }>();
  return (caller) => {
    const nowMs = clock.nowMs();
    const found = callers.get(caller) ?? { tokens: bucket.capacity, atMs: nowMs };
    const gained = (Math.max(0, nowMs - found.atMs) / 1_000) * bucket.perSecond;
    const tokens = Math.min(bucket.capacity, found.tokens + gained);
    callers.delete(caller);
    const oldest = callers.keys().next().value;
    if (callers.size >= MAX_CALLERS && oldest !== undefined) callers.delete(oldest);
    callers.set(caller, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / bucket.perSecond);
  };
}
