import type { DeviceStore, FleetConfig, Intent, KnownRelease, OpenToken } from '#shared/device/index.ts';
import type { ReplicaStore, RowAside, StoredRow } from '#shared/replica/index.ts';
import { type Envelope, itemHash } from '#shared/trust/index.ts';
import type { ReplicaDatabase } from './replica-db.ts';

type Row = Record<string, unknown>;

/** The store over an open replica database. */
export function createDeviceStore(database: ReplicaDatabase): DeviceStore {
  const get = (sql: string, ...values: unknown[]): Row | undefined => database.prepare(sql).get(...values) as Row;
  const all = (sql: string, ...values: unknown[]): Row[] => database.prepare(sql).all(...values) as Row[];
  const run = (sql: string, ...values: unknown[]): void => void database.prepare(sql).run(...values);
  const meta = (key: string): string | undefined => get('SELECT value FROM meta WHERE key = ?', key)?.value as never;
  const setMeta = (key: string, value: string): void =>
    run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    );

  const saveTrust = database.transaction((entries: readonly Envelope[]) => {
    for (const entry of entries) {
      run('INSERT OR IGNORE INTO trust (hash, envelope) VALUES (?, ?)', itemHash(entry), JSON.stringify(entry));
    }
  });
  const nextCounter = database.transaction(() => {
    const next = Number(meta('counter') ?? 0) + 1;
    setMeta('counter', String(next));
    return next;
  });
  const saveIntent = database.transaction((intent: Intent, replaces: readonly string[]) => {
    for (const id of replaces) run("UPDATE intents SET state = 'discarded', fault = NULL WHERE id = ?", id);
    const { id, appId, verb, createdAt, content, state } = intent;
    run(
      'INSERT INTO intents (id, app_id, verb, created_at, content, state) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      appId,
      verb,
      createdAt,
      content,
      state,
    );
  });
  const noteHeads = database.transaction((chain: string, heads: readonly string[], at: string) => {
    // Written anew where it was known, so that the newest stands last.
    for (const head of heads) {
      run('INSERT OR REPLACE INTO witness (chain, head, seq, seen_at) VALUES (?, ?, NULL, ?)', chain, head, at);
    }
    run(
      `DELETE FROM witness WHERE chain = ? AND rowid NOT IN
         (SELECT rowid FROM witness WHERE chain = ? ORDER BY rowid DESC LIMIT 1000)`,
      chain,
      chain,
    );
  });

  return {
    rows: createRowStore(database),
    config: async () => {
      const text = meta('fleet');
      return text === undefined ? undefined : (JSON.parse(text) as FleetConfig);
    },
    saveConfig: async (config) => setMeta('fleet', JSON.stringify(config)),
    trustEntries: async () =>
      all('SELECT envelope FROM trust ORDER BY position').map((row) => JSON.parse(String(row.envelope)) as Envelope),
    saveTrust: async (entries) => saveTrust(entries),
    nextCounter: async () => nextCounter.immediate(),
    saveObject: async (hash, bytes) =>
      run('INSERT OR IGNORE INTO objects (hash, bytes) VALUES (?, ?)', hash, Buffer.from(bytes)),
    object: async (hash) => {
      const row = get('SELECT bytes FROM objects WHERE hash = ?', hash);
      return row === undefined ? undefined : new Uint8Array(row.bytes as Buffer);
    },
    lastRelease: async (appId, node) => {
      const row = get('SELECT * FROM releases WHERE app_id = ? AND node = ? ORDER BY number DESC LIMIT 1', appId, node);
      return row === undefined ? undefined : rowToRelease(row);
    },
    saveRelease: async (release, at) =>
      run(
        'INSERT OR REPLACE INTO releases (app_id, node, number, header, envelope, body, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        release.appId,
        release.node,
        release.number,
        release.header,
        JSON.stringify(release.envelope),
        release.body,
        at,
      ),
    intents: async (state) =>
      all('SELECT * FROM intents WHERE state = ? ORDER BY created_at, id', state).map(rowToIntent),
    saveIntent: async (intent, replaces) => saveIntent(intent, replaces),
    setIntentState: async (id, state, fault) =>
      run('UPDATE intents SET state = ?, fault = ? WHERE id = ?', state, fault, id),
    saveToken: async (open) =>
      run('INSERT OR REPLACE INTO tokens (secret, content) VALUES (?, ?)', open.token.secret, JSON.stringify(open)),
    tokens: async () => all('SELECT content FROM tokens').map((row) => JSON.parse(String(row.content)) as OpenToken),
    dropToken: async (secret) => run('DELETE FROM tokens WHERE secret = ?', secret),
    noteHeads: async (chain, heads, at) => noteHeads(chain, heads, at),
    lastHead: async (chain) =>
      (get('SELECT head FROM witness WHERE chain = ? ORDER BY rowid DESC LIMIT 1', chain)?.head as string) ?? null,
    witnesses: async () =>
      all('SELECT chain, head, seq FROM witness').map((row) => ({
        chain: String(row.chain),
        head: String(row.head),
        ...(row.seq === null ? {} : { seq: Number(row.seq) }),
      })),
    memo: async (name) => meta(`memo:${name}`),
    saveMemo: async (name, text) => setMeta(`memo:${name}`, text),
    close: async () => void database.close(),
  };
}

function createRowStore(database: ReplicaDatabase): ReplicaStore {
  const append = database.transaction((rows: readonly StoredRow[]) => {
    const insert = database.prepare(
      'INSERT INTO rows (hash, doc, writer, seq, envelope, unacked, aside) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const { hash, doc, writer, seq, envelope, unacked, aside } of rows) {
      const reason = aside === null ? null : JSON.stringify(aside);
      insert.run(hash, doc, writer, seq, JSON.stringify(envelope), unacked ? 1 : 0, reason);
    }
  });
  const markAcked = database.transaction((hashes: readonly string[]) => {
    const update = database.prepare('UPDATE rows SET unacked = 0, aside = NULL WHERE hash = ?');
    for (const hash of hashes) update.run(hash);
  });
  const setAside = database.transaction((hashes: readonly string[], aside: RowAside) => {
    const update = database.prepare('UPDATE rows SET unacked = 0, aside = ? WHERE hash = ?');
    for (const hash of hashes) update.run(JSON.stringify(aside), hash);
  });
  return {
    loadRows: async () =>
      (database.prepare('SELECT * FROM rows ORDER BY position').all() as Row[]).map((row) => ({
        envelope: JSON.parse(String(row.envelope)) as Envelope,
        hash: String(row.hash),
        doc: String(row.doc),
        writer: String(row.writer),
        seq: Number(row.seq),
        unacked: row.unacked === 1,
        aside: row.aside === null ? null : (JSON.parse(String(row.aside)) as RowAside),
      })),
    append: async (rows) => append(rows),
    markAcked: async (hashes) => markAcked(hashes),
    setAside: async (hashes, aside) => setAside(hashes, aside),
  };
}

function rowToRelease(row: Row): KnownRelease {
  return {
    appId: String(row.app_id),
    node: String(row.node),
    number: Number(row.number),
    header: String(row.header),
    envelope: JSON.parse(String(row.envelope)) as Envelope,
    body: String(row.body),
  };
}

function rowToIntent(row: Row): Intent {
  return {
    id: String(row.id),
    appId: String(row.app_id),
    verb: String(row.verb),
    createdAt: String(row.created_at),
    content: String(row.content),
    state: row.state as Intent['state'],
    fault: row.fault === null ? null : String(row.fault),
  };
}
