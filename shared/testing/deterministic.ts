import type { Timers } from '#shared/device/index.ts';
import type { Clock, Random } from '#shared/kernel/index.ts';

/** A clock that stands still until it is moved. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): Clock & { advance(ms: number): void } {
  let now = startMs;
  return {
    nowMs: () => now,
    advance(ms) {
      now += ms;
    },
  };
}

/** Repeatable bytes from a seed (mulberry32): for ids in tests, never for keys that protect anything. */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  const nextByte = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) & 0xff;
  };
  return { bytes: (length) => Uint8Array.from({ length }, nextByte) as Uint8Array<ArrayBuffer> };
}

/** Timers that run when a test says so. */
export interface ManualTimers extends Timers {
  /** Delays of the timers that wait, shortest first. */
  waiting(): number[];
  /** Resolves as soon as a timer of this delay, or of any, waits. */
  whenSet(delayMs?: number): Promise<void>;
  /** Runs the waiting timer with this delay, or the one with the shortest. */
  fire(delayMs?: number): void;
  /** Runs every timer as it is set until the promise is settled. */
  drive<T>(promise: Promise<T>): Promise<T>;
}

/** Makes timers that stand still until they are fired. */
export function createManualTimers(): ManualTimers {
  let waiting: { delayMs: number; run: () => void }[] = [];
  let listeners: (() => void)[] = [];
  const pick = (delayMs?: number) =>
    waiting
      .filter((one) => delayMs === undefined || one.delayMs === delayMs)
      .toSorted((a, b) => a.delayMs - b.delayMs)[0];
  const timers: ManualTimers = {
    after(delayMs, run) {
      const one = { delayMs, run };
      waiting.push(one);
      for (const listener of listeners) listener();
      return () => {
        waiting = waiting.filter((other) => other !== one);
      };
    },
    waiting: () => waiting.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b),
    whenSet: (delayMs) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (pick(delayMs) === undefined) return;
          listeners = listeners.filter((listener) => listener !== look);
          resolve();
        };
        listeners.push(look);
        look();
      }),
    fire(delayMs) {
      const one = pick(delayMs);
      if (one === undefined) throw new Error(`no timer of ${delayMs ?? 'any'} ms waits`);
      waiting = waiting.filter((other) => other !== one);
      one.run();
    },
    async drive(promise) {
      let settled = false;
      const end = (): void => {
        settled = true;
      };
      const ended = promise.then(end, end);
      while (!settled) {
        await Promise.race([ended, timers.whenSet()]);
        if (!settled) timers.fire();
      }
      return promise;
    },
  };
  return timers;
}
