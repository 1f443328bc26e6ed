import { SqliteAdapter, SqliteDialect } from 'kysely';

/**
 * Kysely's SQLite without its lock on the one connection. better-sqlite3 ends each statement before it returns, and
 * transactions are the group commit's, so statements never meet. The lock (Kysely 0.29) wakes all that wait for it each
 * time that it is free: with some thousand statements at once, as when hundreds of nodes come back, nothing else happens.
 */
export class SynchronousDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new UnlockedAdapter();
  }
}

class UnlockedAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}
