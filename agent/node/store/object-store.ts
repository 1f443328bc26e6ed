import { sha256Hex } from '#shared/kernel/index.ts';
import type { NodeDatabase } from './database.ts';

/** Immutable bytes by their hash: release bodies, files, sealed copies. */
export interface ObjectStore {
  get(hash: string): Uint8Array | undefined;
  has(hash: string): boolean;
  /** Durable when it returns. Throws when the bytes are not those of the hash. */
  put(hash: string, bytes: Uint8Array): void;
}

/** Keeps objects; release-store.ts says which are still needed. */
export function createObjectStore(database: NodeDatabase): ObjectStore {
  const insert = database.prepare('INSERT OR IGNORE INTO object (hash, bytes) VALUES (?, ?)');
  const select = database.prepare<[string], { bytes: Buffer }>('SELECT bytes FROM object WHERE hash = ?');
  const exists = database.prepare<[string], { found: number }>('SELECT 1 AS found FROM object WHERE hash = ?');
  return {
    get: (hash) => select.get(hash)?.bytes,
    has: (hash) => exists.get(hash) !== undefined,
    put(hash, bytes) {
      if (sha256Hex(bytes) !== hash) throw new TypeError(`object ${hash} does not have the bytes of its name`);
      insert.run(hash, Buffer.from(bytes));
    },
  };
}
