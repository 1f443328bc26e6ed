import * as Y from 'yjs';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/** Largest update of one row, in bytes. */
export const MAX_UPDATE_BYTES = 512 * 1024;

const ID = /^[a-z2-7]{26}$/;

/** What an update would write, read without merging it. */
export interface InspectedUpdate {
  /** New entries by their id, as they were sent; one that the update itself removes again is not among them. */
  readonly entries: ReadonlyMap<string, unknown>;
  readonly texts: ReadonlySet<string>;
  /** What was there before and stands beside new text. */
  readonly neighbours: readonly { readonly client: number; readonly clock: number }[];
  readonly deletions: readonly { readonly client: number; readonly clock: number; readonly length: number }[];
}

interface DecodedItem {
  id: { client: number; clock: number };
  length: number;
  origin: { client: number; clock: number } | null;
  rightOrigin: { client: number; clock: number } | null;
  parent: string | { client: number; clock: number } | null;
  parentSub: string | null;
  content?: object;
}

/**
 * Reads an update without applying it and refuses what Yjs would swallow to everybody's harm: structs of another
 * client (rows are bound to their writer), gaps (kept pending at quadratic cost), garbage-collection structs (eleven
 * bytes can silence an author for ever), unknown roots, nested types, and anything but entries and texts.
 */
export function inspectUpdate(
  update: Uint8Array,
  clientId: number,
  state: ReadonlyMap<number, number>,
): Result<InspectedUpdate> {
  if (update.length > MAX_UPDATE_BYTES)
    return refuse('row.too-large', `the update has ${update.length} bytes, at most ${MAX_UPDATE_BYTES} are taken`);
  let decoded: ReturnType<typeof Y.decodeUpdate>;
  try {
    decoded = Y.decodeUpdate(update);
  } catch {
    return refuse('row.malformed', 'the update is not a Yjs update');
  }
  const entries = new Map<string, unknown>();
  const texts = new Set<string>();
  const neighbours: { client: number; clock: number }[] = [];
  const ownRoots = new Set<number>();
  const before = state.get(clientId) ?? 0;
  let clock = before;
  const known = (id: { client: number; clock: number }) =>
    id.client === clientId ? id.clock < clock : id.clock < (state.get(id.client) ?? 0);
  for (const struct of decoded.structs as unknown as DecodedItem[]) {
    if (struct.id.client !== clientId)
      return refuse(
        'row.foreign-client',
        `the update writes as client ${struct.id.client}, the row is bound to ${clientId}`,
      );
    if (struct.id.clock !== clock)
      return refuse('row.gap', `the update starts at clock ${struct.id.clock}, ${clock} was expected`);
    if (!((struct as unknown) instanceof Y.Item))
      return refuse('row.malformed', 'the update holds a struct that is not an item');
    for (const origin of [struct.origin, struct.rightOrigin]) {
      if (!origin) continue;
      if (!known(origin)) return refuse('row.gap', 'the update builds on text that has not arrived');
      if (origin.client !== clientId || origin.clock < before) neighbours.push(origin);
      else if (ownRoots.has(origin.clock)) return refuse('row.malformed', 'an entry is written over');
    }
    const problem = itemProblem(struct, known);
    if (problem) return refuse('row.malformed', problem);
    const id = struct.parentSub ?? '';
    const written: { has(id: string): boolean } = struct.parent === 'entries' ? entries : texts;
    if (written.has(id)) return refuse('row.malformed', `${id} is written twice`);
    if (struct.parent === 'entries' && struct.content instanceof Y.ContentAny) entries.set(id, struct.content.arr[0]);
    if (struct.parent === 'texts') texts.add(id);
    if (typeof struct.parent === 'string') ownRoots.add(clock);
    clock += struct.length;
  }
  const deletions: InspectedUpdate['deletions'][number][] = [];
  for (const [client, ranges] of decoded.ds.clients as Map<number, { clock: number; len: number }[]>) {
    const limit = client === clientId ? clock : (state.get(client) ?? 0);
    for (const range of ranges) {
      if (range.clock + range.len > limit) return refuse('row.gap', 'the update deletes what has not arrived');
      deletions.push({ client, clock: range.clock, length: range.len });
    }
  }
  return ok({ entries, texts, neighbours, deletions });
}

/** By class, never by a class's name: in a minified program names are other ones. */
function contentOf(item: DecodedItem): 'deleted' | 'any' | 'text' | 'string' | 'something else' {
  const { content } = item;
  if (content instanceof Y.ContentDeleted) return 'deleted';
  if (content instanceof Y.ContentAny) return 'any';
  if (content instanceof Y.ContentString) return 'string';
  return content instanceof Y.ContentType && content.type instanceof Y.Text ? 'text' : 'something else';
}

function itemProblem(item: DecodedItem, known: (id: { client: number; clock: number }) => boolean): string | undefined {
  const kind = contentOf(item);
  if (item.parent === 'entries') {
    if (!item.parentSub || !ID.test(item.parentSub)) return 'an entry has no random id';
    if (kind !== 'deleted' && (kind !== 'any' || item.length !== 1)) return `an entry holds ${kind}`;
    return undefined;
  }
  if (item.parent === 'texts') {
    if (!item.parentSub || !ID.test(item.parentSub)) return 'a text has no random id';
    if (kind !== 'deleted' && kind !== 'text') return `a text is ${kind}`;
    return undefined;
  }
  if (typeof item.parent === 'string') return `root "${item.parent.slice(0, 64)}" does not exist in this format`;
  if (item.parentSub !== null) return 'a text has a named attribute';
  if (item.parent && !known(item.parent)) return 'a text was filled before it was made';
  if (kind !== 'string' && kind !== 'deleted') return `a text holds ${kind}`;
  return undefined;
}

function refuse(code: string, message: string): Result<never> {
  return err(
    fault(code, 'denied', message, 'Ask the row’s author to sync again from a fresh writer; the row was not taken.'),
  );
}
