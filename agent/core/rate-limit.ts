import type { Clock } from '#shared/kernel/index.ts';

/** Requests at once, and how many come back per second. */
export interface Bucket {
  readonly capacity: number;
  readonly perSecond: number;
}

/** Most callers remembered; beyond it the longest unused is forgotten. */
const MAX_CALLERS = 10_000;

/** A token bucket for each caller. */
export interface Buckets {
  /** 0 when one more may pass, which is counted; else after how many seconds it may. */
  take(caller: string): number;
  /** The same without counting. */
  waitFor(caller: string): number;
  /** Counts what was found out only afterwards, more than there is if need be: then the wait is as long as the debt. */
  owe(caller: string, count: number): void;
}

/** Makes the buckets, all full. */
export function createBuckets(bucket: Bucket, clock: Clock): Buckets {
  const callers = new Map<string, { tokens: number; atMs: number }>();
  const tokensOf = (caller: string): number => {
    const nowMs = clock.nowMs();
    const found = callers.get(caller) ?? { tokens: bucket.capacity, atMs: nowMs };
    const gained = (Math.max(0, nowMs - found.atMs) / 1_000) * bucket.perSecond;
    return Math.min(bucket.capacity, found.tokens + gained);
  };
  const remember = (caller: string, tokens: number): void => {
    callers.delete(caller);
    const oldest = callers.keys().next().value;
    if (callers.size >= MAX_CALLERS && oldest !== undefined) callers.delete(oldest);
    callers.set(caller, { tokens, atMs: clock.nowMs() });
  };
  const secondsUntil = (tokens: number): number => (tokens >= 1 ? 0 : Math.ceil((1 - tokens) / bucket.perSecond));
  return {
    waitFor: (caller) => secondsUntil(tokensOf(caller)),
    take(caller) {
      const tokens = tokensOf(caller);
      remember(caller, tokens >= 1 ? tokens - 1 : tokens);
      return secondsUntil(tokens);
    },
    owe: (caller, count) => remember(caller, tokensOf(caller) - count),
  };
}

/** A token bucket for each caller. Gives 0 when the request may pass, else after how many seconds it may. */
export function createRateLimit(bucket: Bucket, clock: Clock): (caller: string) => number {
  return createBuckets(bucket, clock).take;
}
