import { z } from 'zod';

/** Anything JSON can say. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** `name`, or `collection/itemId/name`: keys are random ids, never names a person chose. */
export const FIELD_PATTERN = /^[a-z][A-Za-z0-9]{0,31}(\/[a-z2-7]{26}\/[a-z][A-Za-z0-9]{0,31})?$/;

const MAX_DEPTH = 8;
const MAX_NODES = 4_096;
const MAX_TEXT = 65_536;
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a value is plain JSON within our bounds: depth 8, 4,096 nodes, texts of 64 KiB, no reserved keys. */
export function isBoundedJson(value: unknown): value is JsonValue {
  let nodes = 0;
  const walk = (item: unknown, depth: number): boolean => {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) return false;
    if (item === null || typeof item === 'boolean') return true;
    if (typeof item === 'number') return Number.isFinite(item);
    if (typeof item === 'string') return item.length <= MAX_TEXT;
    if (Array.isArray(item)) return item.every((child) => walk(child, depth + 1));
    if (!isPlainObject(item)) return false;
    return Object.keys(item).every(
      (key) => !RESERVED.has(key) && walk((item as Record<string, unknown>)[key], depth + 1),
    );
  };
  return walk(value, 0);
}

/** An object whose fields are all its own: Yjs sets what came under the key `__proto__` as the prototype. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * One write of one field. Yjs alone would drop the loser of two concurrent writes; here every write is an entry
 * of its own under a random id and names what it replaces, so two live entries of a field are the clash.
 */
export const registerEntrySchema = z.custom<object>(isPlainObject, 'must be a plain object').pipe(
  z.strictObject({
    field: z.string().regex(FIELD_PATTERN),
    value: z.custom<JsonValue>(isBoundedJson, 'must be plain JSON within bounds'),
    author: z.string().regex(/^[a-z2-7]{26}$/),
    at: z.iso.datetime(),
    supersedes: z.array(z.string().regex(/^[a-z2-7]{26}$/)).max(64),
  }),
);

export type RegisterEntry = z.output<typeof registerEntrySchema>;

/** A live entry with its id. */
export interface LiveEntry extends RegisterEntry {
  readonly id: string;
}

/** Field -> its live entries, oldest first (by time, then id: only for showing; no rule decides by it). */
export type Registers = ReadonlyMap<string, readonly LiveEntry[]>;

/** Groups entries by field and leaves out those that a later write replaced. */
export function readRegisters(entries: Iterable<readonly [string, RegisterEntry]>): Registers {
  const all = [...entries];
  const superseded = new Set(all.flatMap(([, entry]) => entry.supersedes));
  const registers = new Map<string, LiveEntry[]>();
  for (const [id, entry] of all) {
    if (superseded.has(id)) continue;
    const live = registers.get(entry.field);
    if (live) live.push({ ...entry, id });
    else registers.set(entry.field, [{ ...entry, id }]);
  }
  for (const live of registers.values())
    live.sort((a, b) => (a.at === b.at ? compare(a.id, b.id) : compare(a.at, b.at)));
  return registers;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
