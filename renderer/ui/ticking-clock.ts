import { useSyncExternalStore } from 'react';

const EVERY_MS = 10_000;

let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    timer = setInterval(tick, EVERY_MS);
    nowMs = Date.now();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const read = () => nowMs;

/** The time of one timer that all relative times of the page share; it moves every ten seconds. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribe, read, read);
}
