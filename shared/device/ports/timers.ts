/** Runs something later. Pure code has no clock that ticks; an edge lends it one, a test moves it by hand. */
export interface Timers {
  /** Calls `run` once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/** Waits; ends at once when the signal does. */
export function pause(timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      signal.removeEventListener('abort', end);
      callOff();
      resolve();
    };
    const callOff = timers.after(delayMs, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
