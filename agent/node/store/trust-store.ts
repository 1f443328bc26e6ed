import { type Envelope, itemHash } from '#shared/trust/index.ts';
import type { NodeDatabase } from './database.ts';

/** The trust log as this node verified it. */
export interface TrustStore {
  /** In the order they were added: parents first. */
  entries(): Envelope[];
  /** Idempotent; durable when it returns. */
  add(entries: readonly Envelope[]): void;
}

/** Keeps verified trust entries; verifying is the caller's work. */
export function createTrustStore(database: NodeDatabase): TrustStore {
  const insert = database.prepare('INSERT OR IGNORE INTO trust_entry (hash, envelope) VALUES (?, ?)');
  const select = database.prepare<[], { envelope: string }>('SELECT envelope FROM trust_entry ORDER BY position');
  return {
    entries: () => select.all().map((row) => JSON.parse(row.envelope) as Envelope),
    add: database.transaction((entries: readonly Envelope[]) => {
      for (const entry of entries) insert.run(itemHash(entry), JSON.stringify(entry));
    }),
  };
}
