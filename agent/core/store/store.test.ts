import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import { describeCoreStore } from './core-store-suite.ts';
import { createMemoryStore } from './memory-store.ts';
import { DURABLE_FILE, openSqliteStore, REBUILDABLE_FILE } from './sqlite-store.ts';

describeCoreStore('in memory', async () => ({ store: createMemoryStore(), reopen: null, dispose: async () => {} }));

describeCoreStore('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ov-core-store-'));
  return {
    store: unwrap(openSqliteStore(folder)),
    reopen: async () => unwrap(openSqliteStore(folder)),
    dispose: () => rm(folder, { recursive: true }),
  };
});

test('P9: a store that a newer program wrote is refused and left as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ov-core-store-'));
  const first = unwrap(openSqliteStore(folder));
  await first.close();
  const raw = new Database(join(folder, DURABLE_FILE));
  raw.pragma('user_version = 99');
  raw.close();
  const opened = openSqliteStore(folder);
  expect(opened.ok ? null : opened.error.code).toBe('store.newer-schema');
  await rm(folder, { recursive: true });
});

test('P5: a full disk is told, nothing is acknowledged, and writing goes on once there is space', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ov-core-store-'));
  const seed = unwrap(openSqliteStore(folder));
  await seed.close();
  const { createGroupCommit } = await import('./group-commit.ts');
  const raw = new Database(join(folder, DURABLE_FILE));
  const commits = createGroupCommit<null>(raw, null);
  // SQLite's own limit answers as the disk does: SQLITE_FULL.
  raw.pragma(`max_page_count = ${Number(raw.pragma('page_count', { simple: true })) + 1}`);
  const insert = (hash: string) =>
    commits.write(async () => {
      raw.prepare('INSERT INTO objects (hash, bytes) VALUES (?, zeroblob(65536))').run(hash);
    });
  const small = commits.write(async () => {
    raw.prepare("INSERT INTO meta (key, value) VALUES ('small', 'x')").run();
  });
  const results = await Promise.allSettled([small, insert('big')]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  expect(commits.failing()?.code).toBe('store.disk-full');
  expect(raw.prepare('SELECT count(*) AS n FROM meta').get()).toEqual({ n: 0 });
  raw.pragma('max_page_count = 1000000');
  await insert('big');
  expect(commits.failing()).toBeNull();
  raw.close();
  await rm(folder, { recursive: true });
});

test('a rebuildable file that is no database any more is begun anew; a durable one stops the start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ov-core-store-'));
  await unwrap(openSqliteStore(folder)).close();
  await writeFile(join(folder, REBUILDABLE_FILE), 'torn '.repeat(2_000));
  const store = unwrap(openSqliteStore(folder));
  expect(await store.rebuildable.listSightings()).toEqual([]);
  await store.close();
  await writeFile(join(folder, DURABLE_FILE), 'torn '.repeat(2_000));
  const opened = openSqliteStore(folder);
  expect(opened.ok ? null : opened.error.code).toBe('store.unreadable');
  await rm(folder, { recursive: true });
});
