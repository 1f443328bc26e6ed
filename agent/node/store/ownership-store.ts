import type { NodeDatabase } from './database.ts';

export type OwnedKind = 'container-project' | 'volume' | 'network' | 'file' | 'record';

/** P4: what this node made and for which app. An entry is durable before the thing itself is made. */
export interface OwnershipStore {
  /** Throws when the name belongs to another app: the caller checks `owned` first. */
  record(kind: OwnedKind, name: string, appId: string): void;
  owned(kind: OwnedKind, name: string): string | undefined;
  forget(kind: OwnedKind, name: string): void;
  list(appId: string): { kind: OwnedKind; name: string }[];
}

/** Keeps the ownership records. */
export function createOwnershipStore(database: NodeDatabase): OwnershipStore {
  const insert = database.prepare('INSERT OR IGNORE INTO ownership (kind, name, app_id) VALUES (?, ?, ?)');
  const select = database.prepare<[string, string], { app_id: string }>(
    'SELECT app_id FROM ownership WHERE kind = ? AND name = ?',
  );
  const remove = database.prepare('DELETE FROM ownership WHERE kind = ? AND name = ?');
  const byApp = database.prepare<[string], { kind: OwnedKind; name: string }>(
    'SELECT kind, name FROM ownership WHERE app_id = ? ORDER BY kind, name',
  );
  const owned = (kind: OwnedKind, name: string) => select.get(kind, name)?.app_id;
  return {
    record(kind, name, appId) {
      insert.run(kind, name, appId);
      if (owned(kind, name) !== appId) throw new TypeError(`${kind} ${name} belongs to another app`);
    },
    owned,
    forget: (kind, name) => void remove.run(kind, name),
    list: (appId) => byApp.all(appId),
  };
}
