import type { Envelope } from '#shared/trust/index.ts';

/** A row as a replica keeps it. */
export interface StoredRow {
  readonly envelope: Envelope;
  readonly hash: string;
  readonly doc: string;
  readonly writer: string;
  readonly seq: number;
  /** Written here and not yet acknowledged by the core. */
  readonly unacked: boolean;
}

/** Where a replica keeps its rows. Every adapter passes shared/testing/replica-store-suite.ts. */
export interface ReplicaStore {
  /** All rows in the order they were appended. */
  loadRows(): Promise<readonly StoredRow[]>;
  /** Resolves when the rows would survive a power cut; all or none. */
  append(rows: readonly StoredRow[]): Promise<void>;
  markAcked(hashes: readonly string[]): Promise<void>;
}
