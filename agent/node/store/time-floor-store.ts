import type { NodeDatabase } from './database.ts';

/** HOLD-10: the times that signers of the fleet have vouched for. None of them ever falls. */
export interface TimeFloorStore {
  /** Signer and time in milliseconds. */
  all(): [signer: string, timeMs: number][];
  /** Keeps the later of the two for each, all as one write. */
  raise(times: Iterable<readonly [signer: string, timeMs: number]>): void;
}

/** One row for each signer: whoever is revoked takes his own times along and nobody else's. */
export function createTimeFloorStore(database: NodeDatabase): TimeFloorStore {
  const select = database.prepare<[], { signer: string; time_ms: number }>('SELECT signer, time_ms FROM time_floor');
  const upsert = database.prepare(
    `INSERT INTO time_floor (signer, time_ms) VALUES (?, ?)
     ON CONFLICT (signer) DO UPDATE SET time_ms = max(time_ms, excluded.time_ms)`,
  );
  return {
    all: () => select.all().map(({ signer, time_ms }) => [signer, time_ms]),
    raise: database.transaction((times: Iterable<readonly [string, number]>) => {
      for (const [signer, timeMs] of times) upsert.run(signer, Math.floor(timeMs));
    }),
  };
}
