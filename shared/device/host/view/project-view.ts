import type { FieldState, JsonValue } from '#shared/replica/index.ts';

/** What a view document should show of a document: values and texts by path. */
export interface ViewProjection {
  readonly fields: ReadonlyMap<string, JsonValue>;
  readonly texts: ReadonlyMap<string, string>;
  /** `collection/itemId/` of items that were removed: of these only `removedAt` is shown, the rest may stay or go. */
  readonly removed: ReadonlySet<string>;
}

/** `collection/itemId/` of a path, undefined for a field of the document itself. */
export function itemOf(path: string): string | undefined {
  const end = path.lastIndexOf('/');
  return end < 0 ? undefined : path.slice(0, end + 1);
}

/** Projects fields for screens: a field that is null is absent, and so is what a removed item held. */
export function projectView(present: ReadonlyMap<string, FieldState>): ViewProjection {
  const removed = new Set<string>();
  for (const [path, { value, entries }] of present) {
    const item = itemOf(path);
    // An edit that clashes with a removal keeps the item in sight, as snapshots do.
    if (item && path === `${item}removedAt` && value !== null && entries.length === 1) removed.add(item);
  }
  const fields = new Map<string, JsonValue>();
  const texts = new Map<string, string>();
  for (const [path, { value, isText }] of present) {
    const item = itemOf(path);
    const isRemoval = item !== undefined && path === `${item}removedAt`;
    if (isRemoval ? !removed.has(item) : item !== undefined && removed.has(item)) continue;
    if (isText) texts.set(path, String(value));
    else if (value !== null) fields.set(path, value);
  }
  return { fields, texts, removed };
}
