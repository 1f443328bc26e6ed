import type { ReplicaStore, StoredRow } from '#shared/replica/index.ts';

/** A ReplicaStore in memory, held to the same suite as the one on disk. `fail` makes the next append reject. */
export function createMemoryReplicaStore(): ReplicaStore & { failNext(reason: string): void } {
  let rows: StoredRow[] = [];
  let failure: string | undefined;
  return {
    failNext(reason) {
      failure = reason;
    },
    loadRows: async () => [...rows],
    async append(fresh) {
      if (failure !== undefined) {
        const reason = failure;
        failure = undefined;
        throw new Error(reason);
      }
      const hashes = new Set(rows.map((row) => row.hash));
      if (fresh.some((row) => hashes.has(row.hash))) throw new Error('a row is held already');
      rows = [...rows, ...fresh];
    },
    async markAcked(hashes) {
      const acked = new Set(hashes);
      rows = rows.map((row) => (acked.has(row.hash) ? { ...row, unacked: false, aside: null } : row));
    },
    async setAside(hashes, aside) {
      const wanted = new Set(hashes);
      rows = rows.map((row) => (wanted.has(row.hash) ? { ...row, unacked: false, aside } : row));
    },
  };
}
