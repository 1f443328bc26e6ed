import type { CoreEvent } from '#shared/contracts/rest/index.ts';

/** An event with its place in the stream. */
export interface NumberedEvent {
  /** Null for what is not held. */
  readonly id: number | null;
  readonly event: CoreEvent;
}

export interface EventHub {
  publish(event: CoreEvent): void;
  /** Tells those who listen now; nobody can ask for it later. */
  tell(event: CoreEvent): void;
  /** Gives what came after `lastId` (undefined: nothing old) to the listener, then all that follows. Returns the end of it. */
  subscribe(lastId: number | undefined, listener: (item: NumberedEvent) => void): () => void;
}

const KEPT_EVENTS = 1_000;

/**
 * The core's events in memory. Ids begin at `firstId`; starting from the clock in microseconds they also grow over
 * restarts, so a reader that resumes with an id from before learns that it has to read the lists again.
 */
export function createEventHub(firstId: number): EventHub {
  const kept: NumberedEvent[] = [];
  const listeners = new Set<(item: NumberedEvent) => void>();
  let nextId = firstId;
  return {
    publish(event) {
      const item = { id: nextId++, event };
      kept.push(item);
      if (kept.length > KEPT_EVENTS) kept.shift();
      for (const listener of listeners) listener(item);
    },
    tell(event) {
      for (const listener of listeners) listener({ id: null, event });
    },
    subscribe(lastId, listener) {
      if (lastId !== undefined && lastId !== nextId - 1) {
        const from = kept.findIndex((item) => item.id === lastId + 1);
        if (from === -1) listener({ id: nextId - 1, event: { type: 'resync', data: {} } });
        else for (const item of kept.slice(from)) listener(item);
      }
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
