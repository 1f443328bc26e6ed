import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { PERSON_ORIGIN, VIEW_FIELDS, VIEW_TEXTS } from '#shared/contracts/ipc/documents.ts';
import type { Bridge } from '#shared/contracts/ipc/index.ts';
import { type Fault, fault } from '#shared/kernel/index.ts';
import type { JsonValue } from '#shared/replica/index.ts';
import { createDocumentSocket } from '../web/socket.ts';

/** What a screen reads of a view document; a new object with every change. */
export interface DocumentView {
  /** The host's state has arrived: before that, nothing may be written. */
  readonly ready: boolean;
  readonly fields: ReadonlyMap<string, JsonValue>;
  /** Paths of the texts that exist. */
  readonly texts: ReadonlySet<string>;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The host closed the document for good. */
  readonly fault: Fault | null;
}

/** One open view document. */
export interface DocumentSession {
  readonly store: StoreApi<DocumentView>;
  readonly undo: Y.UndoManager;
  text(path: string): Y.Text | undefined;
  /** Sets fields in one step of undo; undefined deletes. */
  setFields(changes: ReadonlyMap<string, JsonValue | undefined>): void;
  close(): void;
}

export const emptyDocumentView: DocumentView = {
  ready: false,
  fields: new Map(),
  texts: new Set(),
  canUndo: false,
  canRedo: false,
  fault: null,
};

/** Opens a view document over the bridge and keeps its store level with it. */
export function openDocumentSession(bridge: Bridge, name: string): DocumentSession {
  const doc = new Y.Doc();
  const fields = doc.getMap<JsonValue>(VIEW_FIELDS);
  const texts = doc.getMap<Y.Text>(VIEW_TEXTS);
  const undo = new Y.UndoManager([fields, texts], { trackedOrigins: new Set([PERSON_ORIGIN]) });
  const store = createStore<DocumentView>(() => emptyDocumentView);
  const provider = new WebsocketProvider('ws://bridge', name, doc, {
    WebSocketPolyfill: createDocumentSocket(bridge, name),
    // Tabs meet in the host, which signs what they write.
    disableBc: true,
  });

  const readFields = () => store.setState({ fields: new Map(fields.entries()) });
  const readTexts = () => store.setState({ texts: new Set(texts.keys()) });
  const readHistory = () => store.setState({ canUndo: undo.canUndo(), canRedo: undo.canRedo() });
  fields.observe(readFields);
  texts.observe(readTexts);
  undo.on('stack-item-added', readHistory);
  undo.on('stack-item-popped', readHistory);
  undo.on('stack-cleared', readHistory);
  provider.on('sync', (isSynced: boolean) => {
    // Once level it stays ready: edits made while the host restarts are sent when it is back.
    if (isSynced) store.setState({ ready: true, fault: null });
  });
  provider.on('closed', ({ reason }: { reason: string }) => store.setState({ fault: closedFault(name, reason) }));

  return {
    store,
    undo,
    text: (path) => texts.get(path),
    setFields(changes) {
      undo.stopCapturing();
      doc.transact(() => {
        for (const [path, value] of changes) {
          if (value === undefined) fields.delete(path);
          else fields.set(path, value);
        }
      }, PERSON_ORIGIN);
    },
    close() {
      provider.destroy();
      undo.destroy();
      doc.destroy();
    },
  };
}

function closedFault(name: string, reason: string): Fault {
  return fault(
    'bridge.document-closed',
    'permanent',
    `this device can not open ${name === 'fleet' ? 'the fleet’s settings' : 'this app'} for editing${reason ? ` (${reason})` : ''}`,
    'Reload the page; if it stays so, look whether the app was removed.',
  );
}
