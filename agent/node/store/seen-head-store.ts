import type { NodeDatabase } from './database.ts';

/** Heads kept for each chain: enough to notice a second history for days, and no way to fill the disk. */
const KEPT = 256;

/** What this node has seen of the chains of other nodes. */
export interface SeenHeadStore {
  newest(chain: string): { seq: number; hash: string } | null;
  /** The entry that was seen under this number. */
  at(chain: string, seq: number): string | undefined;
  add(chain: string, seq: number, hash: string): void;
}

/** Keeps the newest heads of each chain. */
export function createSeenHeadStore(database: NodeDatabase): SeenHeadStore {
  const newest = database.prepare<[string], { seq: number; hash: string }>(
    'SELECT seq, hash FROM seen_head WHERE chain = ? ORDER BY seq DESC LIMIT 1',
  );
  const at = database.prepare<[string, number], { hash: string }>(
    'SELECT hash FROM seen_head WHERE chain = ? AND seq = ?',
  );
  const insert = database.prepare('INSERT OR IGNORE INTO seen_head (chain, seq, hash) VALUES (?, ?, ?)');
  const forget = database.prepare(
    `DELETE FROM seen_head WHERE chain = ? AND seq <= (
       SELECT seq FROM seen_head WHERE chain = ? ORDER BY seq DESC LIMIT 1 OFFSET ${KEPT}
     )`,
  );
  return {
    newest: (chain) => newest.get(chain) ?? null,
    at: (chain, seq) => at.get(chain, seq)?.hash,
    add: database.transaction((chain: string, seq: number, hash: string) => {
      insert.run(chain, seq, hash);
      forget.run(chain, chain);
    }),
  };
}
