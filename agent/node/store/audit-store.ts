import { type Envelope, itemHash } from '#shared/trust/index.ts';
import type { NodeDatabase } from './database.ts';

/** The node's own signed chain. */
export interface AuditStore {
  head(): { seq: number; hash: string } | null;
  /** The number of an entry by its hash; undefined when it is none of this chain. */
  seqOf(hash: string): number | undefined;
  /** Throws when `seq` is taken: the chain has one writer. */
  append(seq: number, envelope: Envelope): void;
  /** Entries with a number above `seq`, oldest first. */
  after(seq: number, limit: number): { seq: number; envelope: Envelope }[];
}

/** Keeps the chain; agent/node/audit signs it. */
export function createAuditStore(database: NodeDatabase): AuditStore {
  const last = database.prepare<[], { seq: number; hash: string }>(
    'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1',
  );
  const insert = database.prepare('INSERT INTO audit (seq, hash, envelope) VALUES (?, ?, ?)');
  const after = database.prepare<[number, number], { seq: number; envelope: string }>(
    'SELECT seq, envelope FROM audit WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const byHash = database.prepare<[string], { seq: number }>('SELECT seq FROM audit WHERE hash = ?');
  return {
    head: () => last.get() ?? null,
    seqOf: (hash) => byHash.get(hash)?.seq,
    append: (seq, envelope) => void insert.run(seq, itemHash(envelope), JSON.stringify(envelope)),
    after: (seq, limit) =>
      after.all(seq, limit).map((row) => ({ seq: row.seq, envelope: JSON.parse(row.envelope) as Envelope })),
  };
}
