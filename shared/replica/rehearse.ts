import { type Clock, err, isFault, ok, type Random, type Result, randomId } from '#shared/kernel/index.ts';
import { badEdit } from './bad-edit.ts';
import type { Document, DocumentEditor } from './document.ts';
import type { FieldState } from './field-state.ts';
import { clientIdOf } from './row.ts';
import type { RowLog } from './row-log.ts';
import type { DocumentSnapshot } from './snapshot.ts';

/** Desired state to read and to write: a replica, or a rehearsal of one. */
export interface DesiredState {
  documents(): readonly string[];
  snapshot(doc: string): DocumentSnapshot | undefined;
  /** Every field of a document by its path, items that were removed too. */
  fields(doc: string): ReadonlyMap<string, FieldState> | undefined;
  /** The text that a text register of a document names. */
  text(doc: string, textId: string): string;
  /** Runs `change` on one document. Nothing is changed when it fails. */
  edit(doc: string, change: (editor: DocumentEditor) => void): Promise<Result<void>>;
}

/**
 * A copy to try edits on, so that a plan can be shown before anything is written: what is edited is copied first, no row is
 * made, and letting go of the rehearsal leaves no trace. What arrives meanwhile is not seen in a document that was edited.
 */
export function createRehearsal(
  log: Pick<RowLog, 'documents' | 'snapshot' | 'fields' | 'text' | 'copy'>,
  context: { readonly author: string; readonly clock: Clock; readonly random: Random },
): DesiredState {
  const copies = new Map<string, Document>();
  const writer = randomId(context.random);
  return {
    documents: () => [...new Set([...log.documents(), ...copies.keys()])],
    snapshot: (doc) => copies.get(doc)?.snapshot() ?? log.snapshot(doc),
    fields: (doc) => copies.get(doc)?.fields() ?? log.fields(doc),
    text: (doc, textId) => copies.get(doc)?.text(textId) ?? log.text(doc, textId),
    async edit(doc, change) {
      const copy = copies.get(doc) ?? log.copy(doc);
      try {
        copy.edit(clientIdOf(writer, doc), context, change);
      } catch (thrown) {
        return err(isFault(thrown) ? thrown : badEdit(thrown));
      }
      copies.set(doc, copy);
      return ok();
    },
  };
}
