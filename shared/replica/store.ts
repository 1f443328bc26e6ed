import type { Fault } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/trust/index.ts';

/** Why a row lies beside its document, and whether a person has let go of it. */
export interface RowAside {
  readonly fault: Fault;
  readonly state: 'kept' | 'discarded';
}

/** A row as a replica keeps it. */
export interface StoredRow {
  readonly envelope: Envelope;
  readonly hash: string;
  readonly doc: string;
  readonly writer: string;
  readonly seq: number;
  /** Written here and not yet acknowledged by the core. */
  readonly unacked: boolean;
  /** Set when the core refused it: the row is kept, but neither merged nor sent again. */
  readonly aside: RowAside | null;
}

/** Where a replica keeps its rows. Every adapter passes shared/testing/replica-store-suite.ts. */
export interface ReplicaStore {
  /** All rows in the order they were appended. */
  loadRows(): Promise<readonly StoredRow[]>;
  /** Resolves when the rows would survive a power cut; all or none. */
  append(rows: readonly StoredRow[]): Promise<void>;
  /** The core has these rows: they are no longer unacknowledged, and none of them is aside. */
  markAcked(hashes: readonly string[]): Promise<void>;
  /** Puts rows aside, all or none; they are no longer unacknowledged. */
  setAside(hashes: readonly string[], aside: RowAside): Promise<void>;
}
