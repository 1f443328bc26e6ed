import * as Y from 'yjs';
import type { DocumentConnection } from '#shared/contracts/ipc/bridge.ts';
import { VIEW_CLOSED } from '#shared/contracts/ipc/documents.ts';
import { type Random, randomId } from '#shared/kernel/index.ts';
import { type AwarenessState, readAwareness, writeAwareness } from './view-awareness.ts';
import { createViewDocument, type ViewDocument, type ViewOptions } from './view-document.ts';
import {
  readViewMessage,
  type ViewMessage,
  writeAwarenessFrame,
  writeStep1,
  writeStep2,
  writeUpdate,
} from './view-messages.ts';

/** Largest frame of a screen, in bytes. */
const MAX_FRAME_BYTES = 2 * 1024 * 1024;
/** Views without a screen that are kept, so that going back and forth is not a new start each time. */
const KEPT_VIEWS = 16;

export interface ViewListener {
  onData(bytes: Uint8Array): void;
  onClose(code: number, reason: string): void;
}

/** All view documents of a host, spoken to in y-websocket's protocol. */
export interface ViewDocuments {
  open(name: string, listener: ViewListener): DocumentConnection;
  /** Documents of the replica changed. */
  changed(docs: readonly string[]): void;
  /** Resolves when nothing that a screen wrote waits; of one document, or of all. */
  flush(name?: string): Promise<void>;
  close(): Promise<void>;
}

interface Screen {
  readonly listener: ViewListener;
  awareness: AwarenessState | undefined;
}

interface OpenView {
  readonly view: ViewDocument;
  readonly screens: Set<Screen>;
}

/** Makes the book of view documents over a replica. */
export function createViewDocuments(
  options: Omit<ViewOptions, 'name' | 'instance'> & { readonly random: Random },
): ViewDocuments {
  const views = new Map<string, OpenView>();

  const openView = (name: string): OpenView | undefined => {
    const known = views.get(name);
    if (known) {
      // The newest stands last: those that nobody looks at are let go from the front.
      views.delete(name);
      views.set(name, known);
      return known;
    }
    if (name !== 'fleet' && options.replica.fields(name) === undefined) return undefined;
    const view = createViewDocument({ ...options, name, instance: randomId(options.random) });
    const screens = new Set<Screen>();
    view.doc.on('update', (update: Uint8Array, origin: unknown) => {
      for (const screen of screens) if (screen !== origin) screen.listener.onData(writeUpdate(update));
    });
    const opened = { view, screens };
    views.set(name, opened);
    return opened;
  };

  const letGo = async (): Promise<void> => {
    const idle = [...views].filter(([, { screens }]) => screens.size === 0);
    for (const [name, { view, screens }] of idle.slice(0, Math.max(0, idle.length - KEPT_VIEWS))) {
      await view.flush();
      if (screens.size > 0 || views.get(name)?.view !== view) continue;
      views.delete(name);
      view.destroy();
    }
  };

  const drop = (name: string, opened: OpenView, code: number, reason: string): void => {
    views.delete(name);
    for (const screen of opened.screens) screen.listener.onClose(code, reason);
    opened.screens.clear();
    opened.view.destroy();
  };

  const take = (name: string, opened: OpenView, screen: Screen, message: ViewMessage): void => {
    const { view, screens } = opened;
    const { listener } = screen;
    switch (message.type) {
      case 'step1': {
        if (isStale(view.doc, message.stateVector)) {
          screens.delete(screen);
          listener.onClose(VIEW_CLOSED.stale, 'the view began anew');
        } else listener.onData(writeStep2(Y.encodeStateAsUpdate(view.doc, message.stateVector)));
        return;
      }
      case 'update':
        Y.applyUpdate(view.doc, message.update, screen);
        // A gap would stay for ever and grow: the view begins anew from what is durable.
        if (view.doc.store.pendingStructs !== null || view.doc.store.pendingDs !== null)
          drop(name, opened, VIEW_CLOSED.stale, 'an update left a gap');
        return;
      case 'awareness': {
        const state = readAwareness(message.update);
        const isOwn = screen.awareness === undefined || state?.clientId === screen.awareness.clientId;
        if (!state || !isOwn) return;
        screen.awareness = state;
        // Also to its sender: y-websocket reconnects when nothing comes for 30 s, and only data frames count.
        for (const other of screens) other.listener.onData(writeAwarenessFrame(message.update));
        return;
      }
      case 'query-awareness':
        sendAwareness(opened, screen);
        return;
    }
  };

  const sendAwareness = ({ screens }: OpenView, to: Screen): void => {
    const states = [...screens].flatMap(({ awareness }) => (awareness ? [awareness] : []));
    if (states.length > 0) to.listener.onData(writeAwarenessFrame(writeAwareness(states)));
  };

  return {
    open(name, listener) {
      const opened = openView(name);
      if (!opened) {
        queueMicrotask(() => listener.onClose(VIEW_CLOSED.unknown, 'there is no such document'));
        return { send: () => undefined, close: () => undefined };
      }
      const screen: Screen = { listener, awareness: undefined };
      opened.screens.add(screen);
      // Step 1 of this end too: what a screen wrote while its connection was away comes back as step 2.
      queueMicrotask(() => {
        if (!opened.screens.has(screen)) return;
        listener.onData(writeStep1(Y.encodeStateVector(opened.view.doc)));
        sendAwareness(opened, screen);
      });
      const leave = (): void => {
        if (!opened.screens.delete(screen)) return;
        const { awareness } = screen;
        if (awareness) {
          const gone = writeAwareness([{ ...awareness, clock: awareness.clock + 1, json: 'null' }]);
          for (const other of opened.screens) other.listener.onData(writeAwarenessFrame(gone));
        }
        void opened.view.flush().then(letGo);
      };
      return {
        send(bytes) {
          if (!opened.screens.has(screen)) return;
          const message = bytes.length > MAX_FRAME_BYTES ? undefined : readViewMessage(bytes);
          try {
            if (message) return take(name, opened, screen, message);
          } catch {
            // Half of an update may stand in the view now: it begins anew from what is durable.
            return drop(name, opened, VIEW_CLOSED.stale, 'an update could not be read');
          }
          leave();
          if (bytes.length > MAX_FRAME_BYTES) listener.onClose(VIEW_CLOSED.tooLarge, 'the frame is too large');
          else listener.onClose(VIEW_CLOSED.malformed, 'no message of y-websocket');
        },
        close: leave,
      };
    },
    changed(docs) {
      for (const doc of docs) views.get(doc)?.view.reconcile();
    },
    async flush(name) {
      const wanted = name === undefined ? [...views.values()] : [views.get(name)];
      await Promise.all(wanted.map((opened) => opened?.view.flush()));
    },
    async close() {
      await Promise.all([...views.values()].map(({ view }) => view.flush()));
      for (const [name, opened] of [...views]) drop(name, opened, 1001, 'the device closes');
    },
  };
}

/** A screen with content, but none of this view's, holds the state of an earlier one: merged, old values could win. */
function isStale(doc: Y.Doc, stateVector: Uint8Array): boolean {
  const theirs = Y.decodeStateVector(stateVector);
  return theirs.size > 0 && !theirs.has(doc.clientID);
}
