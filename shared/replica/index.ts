export { createDocument, type Document, type DocumentEditor } from './document.ts';
export type { FieldChange } from './field-changes.ts';
export type { FieldState } from './field-state.ts';
export type { RefusedEdit } from './refused-edit.ts';
export { FIELD_PATTERN, type JsonValue, type LiveEntry } from './register.ts';
export type { DesiredState } from './rehearse.ts';
export { createReplica, type Replica, type ReplicaOptions, type SettledVoid } from './replica.ts';
export { type OpenedRow, openRow, type Row, signRow } from './row.ts';
export {
  createRowLog,
  type LastRow,
  type RowArrival,
  type RowHeads,
  type RowLog,
  type SettledRows,
} from './row-log.ts';
export { type Clash, type DocumentSnapshot, isTextReference } from './snapshot.ts';
export type { ReplicaStore, RowAside, StoredRow } from './store.ts';
export { createSyncMachine, type SyncMachine, type SyncOptions } from './sync-machine.ts';
export { applyTextEdit } from './text-edit.ts';
export { mergeTexts } from './text-merge.ts';
