import type { JsonValue } from '#shared/replica/index.ts';

/** One item of a collection in a view document. */
export interface DocumentItem {
  readonly id: string;
  readonly fields: Readonly<Record<string, JsonValue>>;
}

/** The items of a collection that were not removed, in the order they were made. */
export function readItems(fields: ReadonlyMap<string, JsonValue>, collection: string): DocumentItem[] {
  const items = new Map<string, Record<string, JsonValue>>();
  for (const [path, value] of fields) {
    const [head, id, name] = path.split('/');
    if (head !== collection || id === undefined || name === undefined) continue;
    const item = items.get(id) ?? {};
    item[name] = value;
    items.set(id, item);
  }
  return [...items]
    .filter(([, item]) => typeof item.removedAt !== 'string')
    .map(([id, item]) => ({ id, fields: item }))
    .sort((a, b) => compare(createdAt(a), createdAt(b)) || compare(a.id, b.id));
}

function createdAt({ fields }: DocumentItem): string {
  return typeof fields.createdAt === 'string' ? fields.createdAt : '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
