import { useEffect, useMemo, useState } from 'react';
import type { Text, UndoManager } from 'yjs';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type Fault, isoTime, randomId, systemClock, systemRandom } from '#shared/kernel/index.ts';
import type { JsonValue } from '#shared/replica/index.ts';
import { useBridgeContext } from './context.ts';
import { type DocumentItem, readItems } from './documents/document-items.ts';
import type { DocumentSession, DocumentView } from './documents/document-session.ts';

/** A view document as a screen edits it. Every write is one step of undo. */
export interface UsedDocument {
  readonly ready: boolean;
  readonly fault: Fault | null;
  /** Path → value, as documents.ts of the contract says. */
  readonly fields: ReadonlyMap<string, JsonValue>;
  /** Items that were not removed, in the order of createdAt. */
  items(collection: string): DocumentItem[];
  /** A text to bind an editor to; undefined while it does not exist. */
  text(path: string): Text | undefined;
  setField(path: string, value: JsonValue): void;
  /** Makes an item with `createdAt` and gives its id. */
  addItem(collection: string, fields: Readonly<Record<string, JsonValue>>): string;
  setItem(collection: string, id: string, fields: Readonly<Record<string, JsonValue | undefined>>): void;
  removeItem(collection: string, id: string): void;
  undo(): void;
  redo(): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** For editors that bind to the same history. */
  readonly undoManager: UndoManager | undefined;
}

const closed = createStore<DocumentView>(() => ({
  ready: false,
  fields: new Map(),
  texts: new Set(),
  canUndo: false,
  canRedo: false,
  fault: null,
}));

/** Opens `fleet` or `app:<id>` for editing; null opens nothing. Shared among the components of this window. */
export function useDocument(name: string | null): UsedDocument {
  const { documents } = useBridgeContext();
  const [opened, setOpened] = useState<{ name: string; session: DocumentSession } | null>(null);
  useEffect(() => {
    if (name === null) return;
    return documents.hold(name, (session) => setOpened({ name, session }));
  }, [documents, name]);

  const session = opened !== null && opened.name === name ? opened.session : undefined;
  const view = useStore(session?.store ?? closed);
  return useMemo(() => createUsedDocument(session, view), [session, view]);
}

function createUsedDocument(session: DocumentSession | undefined, view: DocumentView): UsedDocument {
  const write = (changes: Iterable<readonly [string, JsonValue | undefined]>): void =>
    session?.setFields(new Map(changes));
  const under = (collection: string, id: string, fields: Readonly<Record<string, JsonValue | undefined>>) =>
    Object.entries(fields).map(([key, value]) => [`${collection}/${id}/${key}`, value] as const);
  return {
    ready: view.ready,
    fault: view.fault,
    fields: view.fields,
    items: (collection) => readItems(view.fields, collection),
    text: (path) => session?.text(path),
    setField: (path, value) => write([[path, value]]),
    addItem(collection, fields) {
      const id = randomId(systemRandom);
      write(under(collection, id, { ...fields, createdAt: isoTime(systemClock) }));
      return id;
    },
    setItem: (collection, id, fields) => write(under(collection, id, fields)),
    removeItem: (collection, id) => write(under(collection, id, { removedAt: isoTime(systemClock) })),
    undo: () => void session?.undo.undo(),
    redo: () => void session?.undo.redo(),
    canUndo: view.canUndo,
    canRedo: view.canRedo,
    undoManager: session?.undo,
  };
}
