import * as Y from 'yjs';
import {
  type Clock,
  err,
  fault,
  isoTime,
  ok,
  type Random,
  type Result,
  randomId,
  sha256Hex,
  utf8,
} from '#shared/kernel/index.ts';
import { type FieldState, registersToFields } from './field-state.ts';
import { inspectUpdate } from './inspect-update.ts';
import { entryProblem, updateProblem } from './judge-update.ts';
import {
  FIELD_PATTERN,
  isBoundedJson,
  type JsonValue,
  type RegisterEntry,
  type Registers,
  readRegisters,
} from './register.ts';
import { type DocumentSnapshot, isTextReference, registersToSnapshot } from './snapshot.ts';
import { applyTextEdit } from './text-edit.ts';

/** Writes to one document inside one row. */
export interface DocumentEditor {
  /**
   * Sets a field. It replaces every entry that this replica has seen, or of those only the ones in `over`: what a person
   * had not seen when he wrote stays beside it as a clash.
   */
  set(field: string, value: JsonValue, over?: readonly string[]): void;
  /** Sets a text that merges by character; edits on both sides are marked as a clash until somebody looked. */
  setText(field: string, text: string): void;
  /** Adds an item to a collection and returns its random id. */
  addItem(collection: string, fields: Readonly<Record<string, JsonValue>>): string;
  setItem(collection: string, itemId: string, name: string, value: JsonValue, over?: readonly string[]): void;
  removeItem(collection: string, itemId: string): void;
}

export interface DocumentContext {
  readonly author: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** One Yjs document in our format: root maps `entries` (register entries by id) and `texts` (Y.Text by id). */
export interface Document {
  snapshot(): DocumentSnapshot;
  /** Every field by its path, items that were removed too. */
  fields(): ReadonlyMap<string, FieldState>;
  /** Every live entry by its field. */
  registers(): Registers;
  /** The text of a Y.Text that a register names; '' when there is none. */
  text(textId: string): string;
  /** Runs an edit and returns its update, or undefined when nothing changed. A thrown edit changes nothing. */
  edit(clientId: number, context: DocumentContext, change: (editor: DocumentEditor) => void): Uint8Array | undefined;
  /** Merges an update of one writer after every check. After a refusal the document must be rebuilt: see `dirty`. */
  merge(update: Uint8Array, clientId: number, author: string): Result<void>;
  /** True when a refused update had already touched the document; the caller rebuilds it from accepted rows. */
  readonly dirty: boolean;
  destroy(): void;
}

/** Makes an empty document. */
export function createDocument(): Document {
  const doc = new Y.Doc({ gc: true });
  const entries = doc.getMap<RegisterEntry>('entries');
  const texts = doc.getMap<Y.Text>('texts');
  let dirty = false;

  const text = (id: string) => texts.get(id)?.toString() ?? '';

  return {
    snapshot: () => registersToSnapshot(readRegisters(entries.entries()), text),
    fields: () => registersToFields(readRegisters(entries.entries()), text),
    registers: () => readRegisters(entries.entries()),
    text,
    get dirty() {
      return dirty;
    },
    destroy: () => doc.destroy(),

    edit(clientId, context, change) {
      const updates: Uint8Array[] = [];
      const collect = (update: Uint8Array) => updates.push(update);
      // Collect the wishes first: a thrown edit must not leave half of itself in the document.
      // One write a field, the last: a peer must find each removed entry named by an entry that stayed.
      const writes = new Map<string, () => void>();
      change(createEditor(entries, texts, context, (key, write) => writes.set(key, write)));
      if (writes.size === 0) return undefined;
      doc.clientID = clientId;
      doc.on('update', collect);
      doc.transact(() => {
        for (const write of writes.values()) write();
      });
      doc.off('update', collect);
      return updates[0];
    },

    merge(update, clientId, author) {
      const inspected = inspectUpdate(update, clientId, Y.decodeStateVector(Y.encodeStateVector(doc)));
      if (!inspected.ok) return inspected;
      // Before anything is touched: a refusal afterwards costs merging every row of the document again.
      const foreseen = updateProblem(inspected.value, doc, author);
      if (foreseen !== undefined) return malformed(foreseen);
      let problem: string | undefined;
      const check = (event: Y.YMapEvent<RegisterEntry>) => {
        problem ??= entriesProblem(event, entries, author);
      };
      const checkTexts = (event: Y.YMapEvent<Y.Text>) => {
        for (const [, changed] of event.changes.keys)
          if (changed.action !== 'add') problem ??= 'a text was replaced or removed';
      };
      entries.observe(check);
      texts.observe(checkTexts);
      try {
        Y.applyUpdate(doc, update);
      } catch {
        problem ??= 'the update can not be applied';
      } finally {
        entries.unobserve(check);
        texts.unobserve(checkTexts);
      }
      if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) problem ??= 'the update leaves a gap';
      if (problem === undefined) return ok();
      dirty = true;
      return malformed(problem);
    },
  };
}

const malformed = (problem: string): Result<never> =>
  err(fault('row.malformed', 'denied', problem, 'The row was not taken; its author must write it again.'));

function entriesProblem(
  event: Y.YMapEvent<RegisterEntry>,
  entries: Y.Map<RegisterEntry>,
  author: string,
): string | undefined {
  const superseded = new Set<string>();
  for (const [id, changed] of event.changes.keys) {
    if (changed.action === 'update') return `entry ${id} was written twice`;
    if (changed.action !== 'add') continue;
    const problem = entryProblem(id, entries.get(id), author, superseded);
    if (problem !== undefined) return problem;
  }
  for (const [id, changed] of event.changes.keys) {
    if (changed.action === 'delete' && !superseded.has(id)) return `entry ${id} was removed without a successor`;
  }
  return undefined;
}

function createEditor(
  entries: Y.Map<RegisterEntry>,
  texts: Y.Map<Y.Text>,
  context: DocumentContext,
  plan: (key: string, write: () => void) => void,
): DocumentEditor {
  const write = (field: string, value: JsonValue, over?: readonly string[]) => {
    if (!FIELD_PATTERN.test(field)) throw new RangeError(`"${field}" is not a field name`);
    if (!isBoundedJson(value)) throw new RangeError(`the value of "${field}" is not plain JSON within bounds`);
    plan(field, () => {
      const live = readRegisters(entries.entries()).get(field) ?? [];
      if (live.length === 1 && JSON.stringify(live[0]?.value) === JSON.stringify(value)) return;
      const supersedes = live.map((entry) => entry.id).filter((id) => over?.includes(id) ?? true);
      for (const id of supersedes) entries.delete(id);
      entries.set(randomId(context.random), {
        field,
        value,
        author: context.author,
        at: isoTime(context.clock),
        supersedes,
      });
    });
  };
  const path = (collection: string, itemId: string, name: string) => `${collection}/${itemId}/${name}`;
  return {
    set: write,
    setText(field, text) {
      const live = readRegisters(entries.entries()).get(field) ?? [];
      const present = live.map((entry) => entry.value).find(isTextReference);
      const textId = present?.text ?? randomId(context.random);
      plan(`text:${field}`, () => {
        if (!texts.has(textId)) texts.set(textId, new Y.Text());
        const target = texts.get(textId);
        if (target) applyTextEdit(target, text);
      });
      write(field, { text: textId, sha256: sha256Hex(utf8(text)) });
    },
    addItem(collection, fields) {
      const itemId = randomId(context.random);
      write(path(collection, itemId, 'createdAt'), isoTime(context.clock));
      for (const [name, value] of Object.entries(fields)) write(path(collection, itemId, name), value);
      return itemId;
    },
    setItem: (collection, itemId, name, value, over) => write(path(collection, itemId, name), value, over),
    removeItem: (collection, itemId) => write(path(collection, itemId, 'removedAt'), isoTime(context.clock)),
  };
}
