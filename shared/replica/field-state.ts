import type { JsonValue, Registers } from './register.ts';
import { isTextReference } from './snapshot.ts';

/** One field as it stands: of a clash the newest entry, as snapshots show it. */
export interface FieldState {
  readonly value: JsonValue;
  /** A text that merges by character; `value` is the text itself. */
  readonly isText: boolean;
  /** Ids of the live entries; more than one with different values is a clash. */
  readonly entries: readonly string[];
}

/** Registers by their path, for whoever edits field by field; `readText` gives the present text of a Y.Text. */
export function registersToFields(
  registers: Registers,
  readText: (textId: string) => string,
): ReadonlyMap<string, FieldState> {
  const fields = new Map<string, FieldState>();
  for (const [path, live] of registers) {
    const newest = live.at(-1);
    if (!newest) continue;
    const isText = isTextReference(newest.value);
    const value = isTextReference(newest.value) ? readText(newest.value.text) : newest.value;
    fields.set(path, { value, isText, entries: live.map(({ id }) => id) });
  }
  return fields;
}
