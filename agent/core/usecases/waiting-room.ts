/** Wakes those who wait for the outcome of something: a node for its place in the trust log, a device for its answer. */
export interface WaitingRoom {
  /** Resolves at the next change of what `key` names, after `timeoutMs`, or when `signal` ends. */
  waitForChange(key: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  changed(key: string): void;
}

/** Makes the room; it is memory only, the state is elsewhere. */
export function createWaitingRoom(): WaitingRoom {
  const waiting = new Map<string, Set<() => void>>();
  return {
    waitForChange(key, timeoutMs, signal) {
      return new Promise((resolve) => {
        const set = waiting.get(key) ?? new Set();
        waiting.set(key, set);
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          set.delete(end);
          if (set.size === 0 && waiting.get(key) === set) waiting.delete(key);
          resolve();
        };
        const timer = setTimeout(end, timeoutMs);
        signal.addEventListener('abort', end, { once: true });
        set.add(end);
      });
    },
    changed(key) {
      for (const end of [...(waiting.get(key) ?? [])]) end();
    },
  };
}
