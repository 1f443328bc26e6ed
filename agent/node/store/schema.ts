/** Each step brings the database one version up (PRAGMA user_version). Steps are never changed once released. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE trust_entry (position INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE, envelope TEXT NOT NULL) STRICT;
  -- Every release this node accepted. The floor is read from here and outlives the app's removal.
  CREATE TABLE release (
    header TEXT PRIMARY KEY,
    app_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    envelope TEXT NOT NULL,
    body TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    outcome TEXT,
    digests TEXT,
    message TEXT,
    UNIQUE (app_id, number)
  ) STRICT;
  CREATE INDEX release_unfinished ON release (accepted_at) WHERE outcome IS NULL;
  -- Bodies, files and nodeCopies by hash.
  CREATE TABLE object (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE release_object (header TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (header, hash)) STRICT, WITHOUT ROWID;
  -- Outcomes that the core has not acknowledged.
  CREATE TABLE outcome_outbox (header TEXT PRIMARY KEY, message TEXT NOT NULL) STRICT;
  CREATE TABLE ownership (kind TEXT NOT NULL, name TEXT NOT NULL, app_id TEXT NOT NULL, PRIMARY KEY (kind, name)) STRICT;
  CREATE INDEX ownership_by_app ON ownership (app_id);
  CREATE TABLE dns_record (
    route_id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, app_id TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (route_id, type, name)
  ) STRICT;
  CREATE TABLE audit (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, envelope TEXT NOT NULL) STRICT;
  `,
  // REL-15: what an owner had granted when the release was accepted. NULL: accepted when only owners could sign one.
  'ALTER TABLE release ADD COLUMN owner_base TEXT;',
  // HOLD: is a head that somebody saw one of ours, and what have we seen of the chains of others?
  `
  CREATE UNIQUE INDEX audit_by_hash ON audit (hash);
  -- HOLD-9: what this node accepted before it was put back to an older copy. A floor is never below it.
  CREATE TABLE accepted_before (
    app_id TEXT PRIMARY KEY, number INTEGER NOT NULL, header TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE seen_head (
    chain TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (chain, seq)
  ) STRICT, WITHOUT ROWID;
  `,
  // REL-18: which content was accepted before, whatever its bytes. NULL: accepted when only bytes were compared.
  'ALTER TABLE release ADD COLUMN content TEXT;',
  // HOLD-10: how late it is at least, by who vouched for it.
  'CREATE TABLE time_floor (signer TEXT PRIMARY KEY, time_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;',
];
