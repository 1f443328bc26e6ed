/** Runs work one at a time per app, and at most `parallel` at once on this node. */
export interface Lanes {
  run<T>(appId: string, work: () => Promise<T>): Promise<T>;
  busy(appId: string): boolean;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

/** Work of one app keeps its order; a failing piece of work does not stop the next. */
export function createLanes(parallel: number): Lanes {
  const tails = new Map<string, Promise<unknown>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  const enter = async (): Promise<void> => {
    if (running < parallel) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };

  return {
    run(appId, work) {
      const before = tails.get(appId) ?? Promise.resolve();
      const result = before.then(async () => {
        await enter();
        try {
          return await work();
        } finally {
          leave();
        }
      });
      const tail = result.then(
        () => {},
        () => {},
      );
      tails.set(appId, tail);
      void tail.then(() => {
        if (tails.get(appId) === tail) tails.delete(appId);
      });
      return result;
    },
    busy: (appId) => tails.has(appId),
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
