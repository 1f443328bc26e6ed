import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { DeviceStore } from '#shared/device/index.ts';
import { FaultError } from '#shared/kernel/index.ts';
import { deviceStoreSuite } from '#shared/testing/device-store-suite.ts';
import { replicaStoreSuite } from '#shared/testing/replica-store-suite.ts';
import { temporaryFolder } from '#shared/testing/temporary-folder.ts';
import { createDeviceStore } from './device-store.ts';
import { acquireHomeLock } from './home-lock.ts';
import { openReplicaDatabase } from './replica-db.ts';

const KEY = 'a1'.repeat(32);

async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-rows-'));
  const opened: DeviceStore[] = [];
  return {
    open: async () => {
      const store = createDeviceStore(openReplicaDatabase(join(folder, 'replica.db'), KEY));
      opened.push(store);
      return store;
    },
    tearDown: async () => {
      for (const store of opened) await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

deviceStoreSuite('encrypted SQLite', setUp);
replicaStoreSuite('encrypted SQLite', async () => {
  const { open, tearDown } = await setUp();
  return { open: async () => (await open()).rows, tearDown };
});

const CONFIG = {
  fleet: 'f'.repeat(64),
  fleetName: 'the-canary-name',
  coreSpki: 'c'.repeat(64),
  addresses: [{ host: 'core.lan', httpPort: 7443, linkPort: 7444 }],
  writer: 'w'.repeat(26),
};

test('P7: no page of the replica is plain, and no name stands in it', async () => {
  const path = join(temporaryFolder(), 'replica.db');
  const store = createDeviceStore(openReplicaDatabase(path, KEY));
  await store.saveConfig(CONFIG);
  await store.close();
  const bytes = readFileSync(path);
  expect(bytes.subarray(0, 16).toString('latin1')).not.toContain('SQLite format 3');
  expect(bytes.includes('the-canary-name')).toBe(false);
  const again = createDeviceStore(openReplicaDatabase(path, KEY));
  expect(await again.config()).toEqual(CONFIG);
  await again.close();
});

test('A8-32: another key does not open the replica', () => {
  const path = join(temporaryFolder(), 'replica.db');
  openReplicaDatabase(path, KEY).close();
  const fault = thrown(() => openReplicaDatabase(path, 'b2'.repeat(32)));
  expect(fault).toMatchObject({ code: 'device.bad-replica' });
});

test('A8-32: a changed byte on any page of the replica is noticed by whoever reads that page', () => {
  const path = join(temporaryFolder(), 'replica.db');
  openReplicaDatabase(path, KEY).close();
  const whole = readFileSync(path);
  const pageBytes = 4_096;
  for (let page = 0; page < whole.length / pageBytes; page++) {
    const changed = Buffer.from(whole);
    const at = page * pageBytes + 200;
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(path, changed);
    expect(() => {
      const database = openReplicaDatabase(path, KEY);
      const verdict = database.pragma('integrity_check', { simple: true });
      database.close();
      if (verdict !== 'ok') throw new Error(String(verdict));
    }).toThrow();
  }
});

test('P7: a replica that somebody left plain is refused', () => {
  const path = join(temporaryFolder(), 'replica.db');
  const plain = new Database(path);
  plain.exec('CREATE TABLE t (a)');
  plain.close();
  expect(thrown(() => openReplicaDatabase(path, KEY))).toMatchObject({ code: 'device.bad-replica' });
});

test('P2: one command edits at a time; the other is told, and gets its turn afterwards', () => {
  const path = join(temporaryFolder(), 'lock.db');
  const first = acquireHomeLock(path, 10);
  const second = acquireHomeLock(path, 10);
  expect(first.ok).toBe(true);
  expect(second).toMatchObject({ ok: false, error: { code: 'cli.home-busy', kind: 'transient' } });
  if (first.ok) first.value.release();
  const third = acquireHomeLock(path, 10);
  expect(third.ok).toBe(true);
  if (third.ok) third.value.release();
});

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error instanceof FaultError ? error.fault : error;
  }
  return undefined;
}
