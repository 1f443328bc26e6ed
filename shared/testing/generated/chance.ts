/** Repeatable choices from a number (mulberry32): what decides how an input is bent. */
export interface Chance {
  /** 0 up to, not with, `below`. */
  number(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** True once in so many times. */
  once(inTimes: number): boolean;
}

/** The same seed gives the same choices. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const number = (below: number): number => next() % below;
  return {
    number,
    pick: (list) => list[number(list.length)] as never,
    once: (inTimes) => number(inTimes) === 0,
  };
}
