/** Wall clock, in milliseconds since the Unix epoch. */
export interface Clock {
  nowMs(): number;
}

/** Cryptographic randomness. */
export interface Random {
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** The clock of this machine. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** Web Crypto's generator, the same in Node and in a browser. */
export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** ISO 8601 UTC with milliseconds, our one spelling of a time. */
export function isoTime(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString();
}
