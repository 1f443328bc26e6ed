import { z } from 'zod';

/**
 * A *view document* is what a screen edits: a Yjs document that the replica host makes of a document's registers and
 * serves by the y-websocket protocol. It lives in memory only; what is durable are the signed rows that the host writes
 * for each change. Roots:
 * - `fields`, a Y.Map: path → JSON value. A path is `name`, or `collection/itemId/name`. Setting
 *   `collection/itemId/removedAt` to a time removes an item, deleting that key brings it back. Text fields are not here.
 * - `texts`, a Y.Map: path → Y.Text, for instance `compose`.
 */
export const VIEW_FIELDS = 'fields';
export const VIEW_TEXTS = 'texts';

/** `fleet`, or `app:` and the app's id. */
export const viewDocumentNameSchema = z.string().regex(/^(fleet|app:[a-z2-7]{26})$/);

/** Origin of transactions that a person made in a screen: what `Y.UndoManager` tracks. */
export const PERSON_ORIGIN = 'person';
