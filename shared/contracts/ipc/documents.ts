import { z } from 'zod';

/**
 * A *view document* is what a screen edits: a Yjs document that the replica host makes of a document's registers and
 * serves by the y-websocket protocol. It lives in memory only; what is durable are the signed rows that the host writes
 * for each change. Roots:
 * - `fields`, a Y.Map: path → JSON value. A path is `name`, or `collection/itemId/name`. Setting
 *   `collection/itemId/removedAt` to a time removes an item, deleting that key brings it back. Text fields are not here.
 * - `texts`, a Y.Map: path → Y.Text, for instance `compose`.
 * A field that is null is absent. Writing to an item that was removed brings it back; deleting its last field removes it
 * (so that an undone `add` is a removal, and its redo brings it back).
 */
export const VIEW_FIELDS = 'fields';
export const VIEW_TEXTS = 'texts';
/** `about`, a Y.Map that the host alone writes: `id` names this view. */
export const VIEW_INSTANCE = 'about';

/**
 * Close codes of a document's connection; y-websocket takes 44xx as final and emits `closed`. After `stale` the screen
 * throws its Yjs document away and opens a new one: it came with the state of a view that no longer is.
 */
export const VIEW_CLOSED = { malformed: 4400, unknown: 4404, stale: 4410, tooLarge: 4413 } as const;

/** `fleet`, or `app:` and the app's id. */
export const viewDocumentNameSchema = z.string().regex(/^(fleet|app:[a-z2-7]{26})$/);

/** Origin of transactions that a person made in a screen: what `Y.UndoManager` tracks. */
export const PERSON_ORIGIN = 'person';
