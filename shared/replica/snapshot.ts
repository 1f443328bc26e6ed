import type { JsonValue, LiveEntry, Registers } from './register.ts';

/** A field that two devices wrote without knowing of each other. */
export interface Clash {
  readonly field: string;
  readonly entries: readonly LiveEntry[];
}

/** A document as plain data: what domain code reads. A clash shows its newest entry and stands in `clashes`. */
export interface DocumentSnapshot {
  readonly fields: Readonly<Record<string, JsonValue>>;
  /** Collection -> items that were not removed, in the order they were made. */
  readonly collections: Readonly<
    Record<string, readonly { readonly id: string; readonly fields: Readonly<Record<string, JsonValue>> }[]>
  >;
  readonly clashes: readonly Clash[];
}

/** A text field's register value: the Y.Text under `texts`, and what its writer saw when he wrote. */
export interface TextReference {
  readonly text: string;
  readonly sha256: string;
}

/** Whether a register value names a Y.Text. */
export function isTextReference(value: unknown): value is TextReference & Record<string, JsonValue> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as Record<string, unknown>).text === 'string' &&
    typeof (value as Record<string, unknown>).sha256 === 'string'
  );
}

interface Item {
  id: string;
  at: string;
  fields: Record<string, JsonValue>;
  removed: boolean;
}

/**
 * Projects registers to plain data. `readText` gives the present text of a Y.Text by id.
 * Objects are null-prototype: a key such as `__proto__` can not reach a prototype.
 */
export function registersToSnapshot(registers: Registers, readText: (textId: string) => string): DocumentSnapshot {
  const fields = emptyRecord<JsonValue>();
  const items = new Map<string, Map<string, Item>>();
  const clashes: Clash[] = [];
  // By field, so that every replica shows the same list whatever order its rows came in.
  for (const [field, live] of [...registers].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const newest = live.at(-1);
    if (!newest) continue;
    if (isClash(live)) clashes.push({ field, entries: live });
    const value = isTextReference(newest.value) ? readText(newest.value.text) : newest.value;
    const [collection, itemId, name] = field.split('/') as [string, string?, string?];
    if (itemId === undefined || name === undefined) {
      fields[field] = value;
      continue;
    }
    const group = items.get(collection) ?? new Map<string, Item>();
    items.set(collection, group);
    const item = group.get(itemId) ?? { id: itemId, at: newest.at, fields: emptyRecord<JsonValue>(), removed: false };
    group.set(itemId, item);
    // An edit that clashes with a removal keeps the item in sight: delete must not beat edit in silence.
    if (name === 'removedAt') item.removed = live.length === 1 && newest.value !== null;
    else item.fields[name] = value;
    if (name === 'createdAt' && typeof value === 'string') item.at = value;
  }
  const collections = emptyRecord<{ id: string; fields: Record<string, JsonValue> }[]>();
  for (const [name, group] of items) {
    collections[name] = [...group.values()]
      .filter((item) => !item.removed)
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1))
      .map(({ id, fields: itemFields }) => ({ id, fields: itemFields }));
  }
  return { fields, collections, clashes };
}

/** Two live entries with the same value are agreement, not a clash; a text clashes when its writers saw different texts. */
function isClash(live: readonly LiveEntry[]): boolean {
  return new Set(live.map((entry) => JSON.stringify(entry.value))).size > 1;
}

function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}
