import { type Fault, fromHex, sha256Hex, toBase32, utf8 } from '#shared/kernel/index.ts';
import type { FieldChange } from './field-changes.ts';
import type { StoredRow } from './store.ts';

/** Edits of this device that the core did not take: kept beside their document until a person decides (P2). */
export interface RefusedEdit {
  /** Hash of the first row that was refused; those after it in its chain could not be taken either. */
  readonly id: string;
  readonly doc: string;
  readonly rows: number;
  readonly fault: Fault;
  /** What they would write now, by path; none when they can not be merged any more. */
  readonly changes: readonly FieldChange[];
}

/** Rows that lie aside, one list for each chain that broke off. */
export function groupAside(aside: Iterable<StoredRow>): StoredRow[][] {
  return [...Map.groupBy(aside, ({ doc, writer }) => `${doc} ${writer}`).values()].map((rows) =>
    rows.toSorted((a, b) => a.seq - b.seq),
  );
}

/**
 * The writer under which a device goes on in a document. A chain that broke off is never gone on with: another row under
 * a number that was used would be two stories of one device. The next writer follows from the row at the break, so that
 * it is the same one after each start.
 */
export function decideWriter(writer: string, doc: string, groups: readonly (readonly StoredRow[])[]): string {
  const broken = groups.find(([first]) => first?.doc === doc && first.writer === writer)?.[0];
  return broken ? decideWriter(writerAfter(broken.hash), doc, groups) : writer;
}

function writerAfter(hash: string): string {
  const digest = fromHex(sha256Hex(utf8(`overseer/writer/v1:${hash}`))) as Uint8Array;
  return toBase32(digest.slice(0, 16));
}
