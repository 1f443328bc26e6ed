import type { Document } from './document.ts';
import type { JsonValue } from './register.ts';
import { isTextReference } from './snapshot.ts';
import { mergeTexts } from './text-merge.ts';

/** One field as an edit wrote it. */
export interface FieldChange {
  readonly path: string;
  /** A text that merges by character; `value` is the text itself. */
  readonly isText: boolean;
  readonly value: JsonValue;
}

/**
 * What was written between two states of a document, by path, and how it reads now: a text is merged with what became of
 * it meanwhile.
 */
export function findChanges(before: Document, after: Document, now: Document): FieldChange[] {
  const [known, present] = [before.registers(), now.fields()];
  const changes: FieldChange[] = [];
  for (const [path, live] of [...after.registers()].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const earlier = new Set(known.get(path)?.map(({ id }) => id));
    const written = live.filter(({ id }) => !earlier.has(id)).at(-1);
    if (!written) continue;
    const { value } = written;
    if (!isTextReference(value)) changes.push({ path, isText: false, value });
    else {
      const [base, theirs] = [before.text(value.text), present.get(path)?.value];
      const mine = after.text(value.text);
      const text = typeof theirs === 'string' ? mergeTexts(base, mine, theirs) : mine;
      changes.push({ path, isText: true, value: text });
    }
  }
  return changes;
}
