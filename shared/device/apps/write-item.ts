import type { DocumentEditor, JsonValue } from '#shared/replica/index.ts';

/** Sets the fields of an item, or adds it. */
export function writeItem(
  editor: DocumentEditor,
  collection: string,
  itemId: string | null,
  fields: Readonly<Record<string, JsonValue>>,
): void {
  if (itemId === null) editor.addItem(collection, fields);
  else for (const [name, value] of Object.entries(fields)) editor.setItem(collection, itemId, name, value);
}

/** A value of a schema as the document's JSON: drops what is undefined. */
export function toJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
