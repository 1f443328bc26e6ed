import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, TopicName } from '#shared/contracts/ipc/index.ts';
import { topicShapes } from '#shared/contracts/ipc/topic-shapes.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { emptyTopicState, type TopicState, takeEnd, takeRows, takeValue } from './topic-state.ts';

/** Kept after the last reader, so that going back to a screen shows it at once. */
const KEEP_MS = 5_000;
/** A topic that ended for a passing reason is asked for again. */
const RETRY_MS = 3_000;

/** One topic with its params, shared by all readers in this window. */
export interface TopicEntry {
  readonly store: StoreApi<TopicState>;
  /** Counts a reader; subscribes for the first. Returns its end. */
  hold(): () => void;
}

export interface TopicCache {
  entry(topic: TopicName, params: object): TopicEntry;
}

/** Timers as a port: tests turn them by hand. */
export interface Timers {
  set(run: () => void, ms: number): unknown;
  clear(timer: never): void;
}

const realTimers: Timers = { set: (run, ms) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer) };

/** Makes the shared subscriptions of one window: one for each topic and params, counted. */
export function createTopicCache(bridge: Bridge, timers: Timers = realTimers): TopicCache {
  const entries = new Map<string, TopicEntry>();
  return {
    entry(topic, params) {
      const key = topicKey(topic, params);
      const known = entries.get(key);
      if (known) return known;
      const entry = createEntry(bridge, topic, params, timers, () => entries.delete(key));
      entries.set(key, entry);
      return entry;
    },
  };
}

/** The same text for the same topic and params, whatever the order of their keys. */
export function topicKey(topic: TopicName, params: object): string {
  return `${topic} ${JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

function createEntry(
  bridge: Bridge,
  topic: TopicName,
  params: object,
  timers: Timers,
  onUnused: () => void,
): TopicEntry {
  const store = createStore<TopicState>(() => emptyTopicState);
  const isValue = topicShapes[topic] === 'value';
  let readers = 0;
  let stop: (() => void) | undefined;
  let timer: unknown;

  const subscribe = (): void => {
    stop = bridge.subscribe(topic, params as never, {
      onMessage: (message) =>
        store.setState((state) => (isValue ? takeValue(state, message) : takeRows(state, message as never)), true),
      onEnd: (fault: Fault | null) => {
        stop = undefined;
        store.setState((state) => takeEnd(state, fault), true);
        if (fault?.kind === 'transient' && readers > 0) timer = timers.set(subscribe, RETRY_MS);
      },
    });
  };

  return {
    store,
    hold() {
      readers++;
      timers.clear(timer as never);
      if (!stop) subscribe();
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        if (--readers > 0) return;
        timers.clear(timer as never);
        timer = timers.set(() => {
          stop?.();
          stop = undefined;
          onUnused();
        }, KEEP_MS);
      };
    },
  };
}

/** Stands where nothing is asked yet. */
export const idleEntry: TopicEntry = {
  store: createStore<TopicState>(() => emptyTopicState),
  hold: () => () => undefined,
};
