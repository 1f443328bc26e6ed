/** Tables of the durable file, as Kysely sees them. */
export interface DurableTables {
  meta: { key: string; value: string };
  trust_entries: { position: number; hash: string; envelope: string };
  rows: { position: number; hash: string; doc: string; writer: string; seq: number; device: string; envelope: string };
  objects: { hash: string; bytes: Uint8Array };
  headers: {
    hash: string;
    app_id: string;
    node: string;
    number: number;
    previous: string | null;
    body: string;
    change_set: string;
    envelope: string;
  };
  tips: { app_id: string; node: string; header: string };
  change_sets: { id: string; hash: string; verb: string; device: string; envelope: string; at: string };
  jobs: {
    position: number;
    id: string;
    app_id: string;
    node: string;
    header: string;
    state: string;
    record: string;
  };
  job_transitions: {
    position: number;
    job: string;
    at: string;
    from_state: string | null;
    to_state: string;
    event: string;
  };
  enrolments: { admit_hash: string; record: string };
  proposals: { id: string; record: string };
  tokens: { id: string; record: string };
  audit: { seq: number; hash: string; bytes: string };
  node_audit: { node: string; seq: number; hash: string; envelope: string };
}

/** Tables of the rebuildable file. */
export interface RebuildableTables {
  observed: { node: string; envelope: string };
  sightings: { node: string; at: string; facts: string | null };
  steps: { position: number; job: string; name: string; state: string; at: string; text: string };
}

/**
 * Numbered changes of the durable file, oldest first. What is released is never edited; a change is a new text at
 * the end. The number of texts applied stands in `user_version`.
 */
export const durableMigrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE trust_entries (position INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, envelope TEXT NOT NULL) STRICT;
  CREATE TABLE rows (
    position INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, doc TEXT NOT NULL, writer TEXT NOT NULL,
    seq INTEGER NOT NULL, device TEXT NOT NULL, envelope TEXT NOT NULL
  ) STRICT;
  CREATE INDEX rows_by_chain ON rows (doc, writer, seq);
  CREATE TABLE objects (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE headers (
    hash TEXT PRIMARY KEY, app_id TEXT NOT NULL, node TEXT NOT NULL, number INTEGER NOT NULL, previous TEXT,
    body TEXT NOT NULL, change_set TEXT NOT NULL, envelope TEXT NOT NULL
  ) STRICT;
  CREATE INDEX headers_by_app ON headers (app_id, node, number);
  CREATE TABLE tips (
    app_id TEXT NOT NULL, node TEXT NOT NULL, header TEXT NOT NULL, PRIMARY KEY (app_id, node)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE change_sets (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL, verb TEXT NOT NULL, device TEXT NOT NULL, envelope TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE jobs (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, app_id TEXT NOT NULL, node TEXT NOT NULL,
    header TEXT NOT NULL UNIQUE, state TEXT NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX jobs_by_state ON jobs (state, node);
  CREATE TABLE job_transitions (
    position INTEGER PRIMARY KEY, job TEXT NOT NULL, at TEXT NOT NULL, from_state TEXT, to_state TEXT NOT NULL,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX job_transitions_by_job ON job_transitions (job);
  CREATE TABLE enrolments (admit_hash TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE proposals (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE audit (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, bytes TEXT NOT NULL) STRICT;
  CREATE TABLE node_audit (
    node TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, envelope TEXT NOT NULL, PRIMARY KEY (node, seq)
  ) STRICT;
  `,
  'CREATE TABLE tokens (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;',
];

/** Numbered changes of the rebuildable file. */
export const rebuildableMigrations: readonly string[] = [
  `
  CREATE TABLE observed (node TEXT PRIMARY KEY, envelope TEXT NOT NULL) STRICT;
  CREATE TABLE sightings (node TEXT PRIMARY KEY, at TEXT NOT NULL, facts TEXT) STRICT;
  CREATE TABLE steps (
    position INTEGER PRIMARY KEY, job TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX steps_by_job ON steps (job);
  `,
];
