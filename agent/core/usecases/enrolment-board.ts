/** Wakes the nodes that wait for their place in the trust log. */
export interface EnrolmentBoard {
  /** Resolves at the next change of this enrolment, after `timeoutMs`, or when `signal` ends. */
  waitForChange(admitHash: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  changed(admitHash: string): void;
}

/** Makes the board; it is memory only, the state is in the store. */
export function createEnrolmentBoard(): EnrolmentBoard {
  const waiting = new Map<string, Set<() => void>>();
  return {
    waitForChange(admitHash, timeoutMs, signal) {
      return new Promise((resolve) => {
        const set = waiting.get(admitHash) ?? new Set();
        waiting.set(admitHash, set);
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          set.delete(end);
          if (set.size === 0 && waiting.get(admitHash) === set) waiting.delete(admitHash);
          resolve();
        };
        const timer = setTimeout(end, timeoutMs);
        signal.addEventListener('abort', end, { once: true });
        set.add(end);
      });
    },
    changed(admitHash) {
      for (const end of [...(waiting.get(admitHash) ?? [])]) end();
    },
  };
}
