import type { Bridge } from '#shared/contracts/ipc/index.ts';
import type { DocumentSession } from './document-session.ts';
import type { LostEdit } from './lost-edits.ts';

/** Kept after the last reader: undo survives a look at another tab of the same app. */
const KEEP_MS = 60_000;

/** The open documents of one window, counted. Yjs is loaded with the first. */
export interface DocumentCache {
  /** Counts a reader and tells it the session when it is open, and each later one in its place. Returns its end. */
  hold(name: string, onOpen: (session: DocumentSession) => void): () => void;
  forgetHistory(name: string): void;
}

interface Held {
  readonly readers: Set<(session: DocumentSession) => void>;
  timer: ReturnType<typeof setTimeout> | undefined;
  session: DocumentSession | undefined;
  isOver: boolean;
  /** Written into earlier sessions and not yet found again in what the host kept. */
  written: Map<string, string>;
}

/** Makes the shared documents of one window; `onLost` gets what was written into one that its device had to begin anew. */
export function createDocumentCache(
  bridge: Bridge,
  onLost: (lost: readonly Omit<LostEdit, 'id'>[]) => void,
): DocumentCache {
  const open = new Map<string, Held>();

  const begin = async (name: string, held: Held, before: DocumentSession | undefined): Promise<void> => {
    const { openDocumentSession } = await import('./document-session.ts');
    if (held.isOver) return;
    const session = openDocumentSession(bridge, name, { onStale: () => void begin(name, held, session) });
    if (before) {
      for (const [path, text] of before.unsettled()) held.written.set(path, text);
      before.close();
      compareWhenReady(name, held, session);
    }
    held.session = session;
    for (const onOpen of held.readers) onOpen(session);
  };

  /** The new view is made of durable rows: what was written and does not stand in it was not kept (P2: it is told). */
  const compareWhenReady = (name: string, held: Held, session: DocumentSession): void => {
    if (held.written.size === 0) return;
    const end = session.store.subscribe(({ ready }) => {
      if (!ready) return;
      end();
      const lost = [...held.written].filter(([path, text]) => session.textAt(path) !== text);
      held.written.clear();
      onLost(lost.map(([path, text]) => ({ document: name, path, text })));
    });
  };

  const start = (name: string): Held => {
    const held: Held = { readers: new Set(), timer: undefined, session: undefined, isOver: false, written: new Map() };
    open.set(name, held);
    void begin(name, held, undefined);
    return held;
  };

  return {
    hold(name, onOpen) {
      const held = open.get(name) ?? start(name);
      // A function of its own: the same one may be given twice.
      const reader = (session: DocumentSession): void => onOpen(session);
      held.readers.add(reader);
      clearTimeout(held.timer);
      if (held.session) reader(held.session);
      return () => {
        if (!held.readers.delete(reader) || held.readers.size > 0) return;
        held.timer = setTimeout(() => {
          held.isOver = true;
          open.delete(name);
          held.session?.close();
        }, KEEP_MS);
      };
    },
    forgetHistory(name) {
      open.get(name)?.session?.undo.clear();
    },
  };
}
