import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { PERSON_ORIGIN, VIEW_CLOSED, VIEW_FIELDS, VIEW_TEXTS } from '#shared/contracts/ipc/documents.ts';
import type { Bridge } from '#shared/contracts/ipc/index.ts';
import { type Clock, type Fault, fault, systemClock } from '#shared/kernel/index.ts';
import type { JsonValue } from '#shared/replica/index.ts';
import { createDocumentSocket } from '../web/socket.ts';
import { createUnsettledEdits } from './unsettled-edits.ts';

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
  /** What persons wrote here that the host may not have kept: path -> text as it was written, empty when taken away. */
  unsettled(): ReadonlyMap<string, string>;
  /** What stands at a path, as `unsettled` gives it. */
  textAt(path: string): string;
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

export interface DocumentSessionOptions {
  /** The host began the view anew: this session is over, and a new one has to be opened. */
  readonly onStale?: (() => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** Opens a view document over the bridge and keeps its store level with it. */
export function openDocumentSession(
  bridge: Bridge,
  name: string,
  { onStale, clock = systemClock }: DocumentSessionOptions = {},
): DocumentSession {
  const doc = new Y.Doc();
  const fields = doc.getMap<JsonValue>(VIEW_FIELDS);
  const texts = doc.getMap<Y.Text>(VIEW_TEXTS);
  const undo = new Y.UndoManager([fields, texts], { trackedOrigins: new Set([PERSON_ORIGIN]) });
  const store = createStore<DocumentView>(() => emptyDocumentView);
  const edits = createUnsettledEdits(() => clock.nowMs());
  const provider = new WebsocketProvider('ws://bridge', name, doc, {
    WebSocketPolyfill: createDocumentSocket(bridge, name),
    // Tabs meet in the host, which signs what they write.
    disableBc: true,
  });

  const readFields = () => store.setState({ fields: new Map(fields.entries()) });
  const readTexts = () => store.setState({ texts: new Set(texts.keys()) });
  const readHistory = () => store.setState({ canUndo: undo.canUndo(), canRedo: undo.canRedo() });
  const textAt = (path: string): string => {
    const value = texts.get(path) ?? fields.get(path);
    if (value instanceof Y.Text) return value.toString();
    return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  };
  fields.observe(readFields);
  texts.observe(readTexts);
  fields.observe(({ keysChanged }, { local }) => {
    if (local) edits.note(keysChanged);
    else edits.overtake(keysChanged);
  });
  // Texts merge by character: what others wrote takes nothing away from what was written here.
  texts.observeDeep((events, { local }) => {
    if (!local) return;
    for (const { target, changes, path } of events)
      edits.note(target === texts ? changes.keys.keys() : [String(path[0])]);
  });
  undo.on('stack-item-added', readHistory);
  undo.on('stack-item-popped', readHistory);
  undo.on('stack-cleared', readHistory);
  provider.on('sync', (isSynced: boolean) => {
    // Once level it stays ready: edits made while the host restarts are sent when it is back.
    if (isSynced) store.setState({ ready: true, fault: null });
    edits.connected(isSynced);
  });
  provider.on('status', ({ status }: { status: string }) => {
    if (status === 'disconnected') edits.connected(false);
  });
  provider.on('closed', ({ code, reason }: { code: number; reason: string }) => {
    if (code === VIEW_CLOSED.stale && onStale) onStale();
    else store.setState({ fault: closedFault(name, reason) });
  });

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
    unsettled: () => new Map(edits.paths().map((path) => [path, textAt(path)])),
    textAt,
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
