import type { Bridge } from '#shared/contracts/ipc/index.ts';
import type { DocumentSession } from './document-session.ts';

/** Kept after the last reader: undo survives a look at another tab of the same app. */
const KEEP_MS = 60_000;

/** The open documents of one window, counted. Yjs is loaded with the first. */
export interface DocumentCache {
  /** Counts a reader and tells it the session when it is open. Returns its end. */
  hold(name: string, onOpen: (session: DocumentSession) => void): () => void;
  forgetHistory(name: string): void;
}

interface Held {
  readers: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  readonly session: Promise<DocumentSession>;
}

/** Makes the shared documents of one window. */
export function createDocumentCache(bridge: Bridge): DocumentCache {
  const open = new Map<string, Held>();
  const start = (name: string): Held => {
    const session = import('./document-session.ts').then((module) => module.openDocumentSession(bridge, name));
    const held: Held = { readers: 0, timer: undefined, session };
    open.set(name, held);
    return held;
  };
  return {
    hold(name, onOpen) {
      const held = open.get(name) ?? start(name);
      held.readers++;
      clearTimeout(held.timer);
      let isHolding = true;
      void held.session.then((session) => {
        if (isHolding) onOpen(session);
      });
      return () => {
        if (!isHolding) return;
        isHolding = false;
        if (--held.readers > 0) return;
        held.timer = setTimeout(() => {
          open.delete(name);
          void held.session.then((session) => session.close());
        }, KEEP_MS);
      };
    },
    forgetHistory(name) {
      void open.get(name)?.session.then((session) => session.undo.clear());
    },
  };
}
