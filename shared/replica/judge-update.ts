import * as Y from 'yjs';
import type { InspectedUpdate } from './inspect-update.ts';
import { registerEntrySchema } from './register.ts';

/** What is wrong with one new entry; adds what it replaces to `superseded`. */
export function entryProblem(id: string, entry: unknown, author: string, superseded: Set<string>): string | undefined {
  const parsed = registerEntrySchema.safeParse(entry);
  if (!parsed.success)
    return `entry ${id}: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`;
  if (parsed.data.author !== author) return `entry ${id} claims another author`;
  for (const replaced of parsed.data.supersedes) superseded.add(replaced);
  return undefined;
}

/**
 * What an inspected update would do to a document that it must not: entries that do not fit or claim another author, what is
 * there written over, entries removed without a successor, texts removed. Nothing is changed.
 */
export function updateProblem(update: InspectedUpdate, doc: Y.Doc, author: string): string | undefined {
  const entries = doc.getMap('entries');
  const texts = doc.getMap('texts');
  const superseded = new Set<string>();
  for (const [id, entry] of update.entries) {
    const problem = entries.has(id) ? `entry ${id} was written twice` : entryProblem(id, entry, author, superseded);
    if (problem !== undefined) return problem;
  }
  for (const id of update.texts) if (texts.has(id)) return 'a text was replaced or removed';
  for (const { client, clock } of update.neighbours) {
    const parent = itemsOf(doc, client, clock, 1)[0]?.parent;
    if (parent === entries || parent === texts) return 'what is there was written over';
  }
  for (const { client, clock, length } of update.deletions)
    for (const item of itemsOf(doc, client, clock, length)) {
      if (item.deleted) continue;
      if (item.parent === texts) return 'a text was replaced or removed';
      if (item.parent === entries && !superseded.has(item.parentSub ?? ''))
        return `entry ${item.parentSub} was removed without a successor`;
    }
  return undefined;
}

/** The items of the document that hold these numbers of a client; what the update itself brings is not there yet. */
function itemsOf(doc: Y.Doc, client: number, clock: number, length: number): Y.Item[] {
  const structs = doc.store.clients.get(client);
  const last = structs?.at(-1);
  if (structs === undefined || last === undefined || clock >= last.id.clock + last.length) return [];
  const found: Y.Item[] = [];
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
    const struct = structs[index];
    if (struct === undefined || struct.id.clock >= clock + length) break;
    if (struct instanceof Y.Item) found.push(struct);
  }
  return found;
}
