import * as Y from 'yjs';
import { VIEW_FIELDS, VIEW_INSTANCE, VIEW_TEXTS } from '#shared/contracts/ipc/documents.ts';
import { type Clock, type Fault, isoTime } from '#shared/kernel/index.ts';
import {
  applyTextEdit,
  type DocumentEditor,
  FIELD_PATTERN,
  type FieldState,
  type JsonValue,
  mergeTexts,
  type Replica,
} from '#shared/replica/index.ts';
import type { Timers } from '../../ports/timers.ts';
import { itemOf, projectView } from './project-view.ts';

/** Origin of what the host writes into a view: rows of others, and what it takes back. */
export const HOST_ORIGIN = 'host';

/** Typing is gathered until a pause of this length, in milliseconds. */
export const TYPING_PAUSE_MS = 400;
/** Typing without a pause is written this often, in milliseconds. */
export const TYPING_MOST_MS = 5_000;

export interface ViewOptions {
  /** Document of the replica. */
  readonly name: string;
  /** Random per view: a screen that comes with the state of an earlier view is told to begin anew. */
  readonly instance: string;
  readonly replica: Replica;
  readonly clock: Clock;
  readonly timers: Timers;
  /** An edit did not become a row; the view shows again what stands. */
  readonly onRefused: (fault: Fault) => void;
}

/** The Yjs document that screens edit together, level with one document of the replica. */
export interface ViewDocument {
  readonly doc: Y.Doc;
  /** Brings what changed in the replica into the view; what screens are just writing stays. */
  reconcile(): void;
  /** Resolves when everything that screens wrote is a durable row, or was taken back. */
  flush(): Promise<void>;
  destroy(): void;
}

/** Makes the view of a document. */
export function createViewDocument(options: ViewOptions): ViewDocument {
  const { name, replica, clock, timers } = options;
  const doc = new Y.Doc();
  const fields = doc.getMap<unknown>(VIEW_FIELDS);
  const texts = doc.getMap<unknown>(VIEW_TEXTS);
  /** Path -> entries that the screen had seen when it wrote. */
  let pending = new Map<string, readonly string[]>();
  /** Text by path when view and replica last agreed. */
  const bases = new Map<string, string>();
  /** Live entries by path as the view shows them. */
  let shown: ReadonlyMap<string, FieldState> = new Map();
  let turn: Promise<void> = Promise.resolve();
  let isQueued = false;
  let callOff: (() => void) | undefined;
  let typingSinceMs: number | undefined;
  let isDestroyed = false;

  const textAt = (path: string): Y.Text | undefined => {
    const value = texts.get(path);
    return value instanceof Y.Text ? value : undefined;
  };
  const note = (path: string): void => {
    if (!pending.has(path)) pending.set(path, shown.get(path)?.entries ?? []);
  };

  const reconcile = (): void => {
    if (isDestroyed) return;
    const present = replica.fields(name) ?? new Map<string, FieldState>();
    const wanted = projectView(present);
    const isFree = (path: string) => !pending.has(path) && !wanted.removed.has(itemOf(path) ?? '');
    doc.transact(() => {
      for (const path of fields.keys()) if (isFree(path) && !wanted.fields.has(path)) fields.delete(path);
      for (const [path, value] of wanted.fields) {
        if (!pending.has(path) && !isSame(fields.get(path), value)) fields.set(path, value);
      }
      for (const path of texts.keys()) if (isFree(path) && !wanted.texts.has(path)) texts.delete(path);
      for (const [path, theirs] of wanted.texts) {
        const present = textAt(path);
        const text = present ?? new Y.Text();
        if (!present) texts.set(path, text);
        const mine = text.toString();
        applyTextEdit(text, pending.has(path) && present ? mergeTexts(bases.get(path) ?? '', mine, theirs) : theirs);
        bases.set(path, theirs);
      }
    }, HOST_ORIGIN);
    shown = present;
  };

  const writeAll = async (): Promise<void> => {
    if (pending.size === 0 || isDestroyed) return;
    let written: ReadonlyMap<string, readonly string[]> = new Map();
    const kept = await replica.edit(name, (editor) => {
      written = pending;
      pending = new Map();
      const present = replica.fields(name) ?? new Map<string, FieldState>();
      writeFields(editor, written, present);
    });
    if (kept.ok) return;
    // What can not be a row is taken back, also what was typed on top of it.
    for (const path of written.keys()) pending.delete(path);
    reconcile();
    options.onRefused(kept.error);
  };

  const writeFields = (
    editor: DocumentEditor,
    written: ReadonlyMap<string, readonly string[]>,
    present: ReadonlyMap<string, FieldState>,
  ): void => {
    const { removed } = projectView(present);
    const touched = new Set<string>();
    for (const [path, over] of written) {
      const item = itemOf(path);
      const text = textAt(path);
      if (present.get(path)?.isText || text) {
        editor.setText(path, text?.toString() ?? '');
        bases.set(path, text?.toString() ?? '');
      } else if (fields.has(path)) editor.set(path, fields.get(path) as JsonValue, over);
      else if (item === undefined || path === `${item}removedAt` || isAlive(item)) {
        if (present.has(path)) editor.set(path, null, over);
      }
      if (item !== undefined) touched.add(item);
    }
    for (const item of touched) levelItem(editor, item, { removed: removed.has(item), written, present });
  };

  /** Whether a screen still shows something of an item beside its dates: an undone `add` leaves nothing. */
  const isAlive = (item: string): boolean =>
    [...fields.keys(), ...texts.keys()].some(
      (path) => path.startsWith(item) && path !== `${item}createdAt` && path !== `${item}removedAt`,
    );

  const levelItem = (
    editor: DocumentEditor,
    item: string,
    about: {
      removed: boolean;
      written: ReadonlyMap<string, unknown>;
      present: ReadonlyMap<string, FieldState>;
    },
  ): void => {
    const removal = `${item}removedAt`;
    if (about.written.has(removal)) return;
    if (!isAlive(item)) editor.set(removal, isoTime(clock));
    // Writing to an item that was removed brings it back: a redone `add`.
    else if (about.removed) editor.set(removal, null);
    if (!about.present.has(`${item}createdAt`) && !about.written.has(`${item}createdAt`))
      editor.set(`${item}createdAt`, isoTime(clock));
  };

  const flush = (): Promise<void> => {
    callOff?.();
    callOff = undefined;
    typingSinceMs = undefined;
    turn = turn.then(writeAll);
    return turn;
  };
  const flushSoon = (): void => {
    if (isQueued) return;
    isQueued = true;
    queueMicrotask(() => {
      isQueued = false;
      void flush();
    });
  };
  const flushAfterTyping = (): void => {
    typingSinceMs ??= clock.nowMs();
    callOff?.();
    const leftMs = Math.max(0, typingSinceMs + TYPING_MOST_MS - clock.nowMs());
    callOff = timers.after(Math.min(TYPING_PAUSE_MS, leftMs), () => void flush());
  };

  fields.observe((event, transaction) => {
    if (transaction.origin === HOST_ORIGIN) return;
    for (const path of event.keysChanged) {
      if (FIELD_PATTERN.test(path) && !shown.get(path)?.isText) note(path);
      else doc.transact(() => fields.delete(path), HOST_ORIGIN);
    }
    flushSoon();
  });
  texts.observeDeep((events, transaction) => {
    if (transaction.origin === HOST_ORIGIN) return;
    for (const event of events) {
      const paths = event.target === texts ? [...event.changes.keys.keys()] : [String(event.path[0])];
      for (const path of paths) {
        const isField = FIELD_PATTERN.test(path) && (shown.get(path)?.isText ?? !shown.has(path));
        if (isField && (textAt(path) || !texts.has(path))) note(path);
        else doc.transact(() => texts.delete(path), HOST_ORIGIN);
      }
    }
    flushAfterTyping();
  });
  doc.transact(() => doc.getMap(VIEW_INSTANCE).set('id', options.instance), HOST_ORIGIN);
  reconcile();

  return {
    doc,
    reconcile,
    flush,
    destroy() {
      isDestroyed = true;
      callOff?.();
      doc.destroy();
    },
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
