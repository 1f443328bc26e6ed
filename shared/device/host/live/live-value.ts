import type { Sink } from './sink.ts';

/** One value that subscribers follow; the same value again is not sent. */
export interface LiveValue<T> {
  get(): T | undefined;
  set(value: T): void;
  subscribe(sink: Sink): () => void;
}

/** Makes a value that is not known yet. */
export function createLiveValue<T>(): LiveValue<T> {
  const sinks = new Set<Sink>();
  let held: { value: T; json: string } | undefined;
  return {
    get: () => held?.value,
    set(value) {
      const json = JSON.stringify(value);
      if (held?.json === json) return;
      held = { value, json };
      for (const sink of sinks) void sink.push(value);
    },
    subscribe(sink) {
      sinks.add(sink);
      if (held) void sink.push(held.value);
      return () => void sinks.delete(sink);
    },
  };
}
