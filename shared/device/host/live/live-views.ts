import type { Fault, Result } from '#shared/kernel/index.ts';
import { createLiveValue, type LiveValue } from './live-value.ts';
import type { Sink } from './sink.ts';

/** Values by key that are worked out only while somebody looks at them. */
export interface LiveViews {
  subscribe(key: string, sink: Sink): () => void;
  /** Works out anew what is looked at; of one key, or of all. */
  refresh(key?: string): void;
}

interface View {
  readonly value: LiveValue<unknown>;
  readonly sinks: Set<Sink>;
  isWorking: boolean;
  /** Something changed while it was worked out. */
  isDueAgain: boolean;
}

/**
 * Makes views; `compute` gives the value of a key, or the fault that ends its subscriptions. A key is worked out once at
 * a time: changes that come meanwhile are one more time, however many they are.
 */
export function createLiveViews(
  compute: (key: string) => Promise<Result<unknown>>,
  onBug: (error: unknown) => void,
): LiveViews {
  const views = new Map<string, View>();
  const end = (key: string, view: View, fault: Fault): void => {
    views.delete(key);
    for (const sink of view.sinks) sink.end(fault);
  };
  const work = async (key: string, view: View): Promise<void> => {
    if (view.isWorking) {
      view.isDueAgain = true;
      return;
    }
    view.isWorking = true;
    do {
      view.isDueAgain = false;
      try {
        const result = await compute(key);
        if (views.get(key) !== view) return;
        if (result.ok) view.value.set(result.value);
        else if (!view.isDueAgain) end(key, view, result.error);
      } catch (error) {
        onBug(error);
      }
    } while (view.isDueAgain && views.get(key) === view);
    view.isWorking = false;
  };
  return {
    subscribe(key, sink) {
      const known = views.get(key);
      const view = known ?? { value: createLiveValue(), sinks: new Set<Sink>(), isWorking: false, isDueAgain: false };
      views.set(key, view);
      view.sinks.add(sink);
      const stop = view.value.subscribe(sink);
      if (!known) void work(key, view);
      return () => {
        stop();
        view.sinks.delete(sink);
        if (view.sinks.size === 0 && views.get(key) === view) views.delete(key);
      };
    },
    refresh(key) {
      for (const [one, view] of views) if (key === undefined || key === one) void work(one, view);
    },
  };
}
