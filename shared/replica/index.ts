export { createDocument, type Document, type DocumentEditor } from './document.ts';
export type { JsonValue, LiveEntry } from './register.ts';
export { createReplica, type Replica, type ReplicaOptions } from './replica.ts';
export { type OpenedRow, openRow, type Row, signRow } from './row.ts';
export { createRowLog, type RowArrival, type RowHeads, type RowLog } from './row-log.ts';
export type { Clash, DocumentSnapshot } from './snapshot.ts';
export type { ReplicaStore, StoredRow } from './store.ts';
export { createSyncMachine, type SyncMachine, type SyncOptions } from './sync-machine.ts';
