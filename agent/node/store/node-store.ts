import type { OwnRecords } from '#shared/domain/routes/index.ts';
import { type AuditStore, createAuditStore } from './audit-store.ts';
import { openNodeDatabase } from './database.ts';
import { createDnsRecordStore } from './dns-record-store.ts';
import { createObjectStore, type ObjectStore } from './object-store.ts';
import { createOwnershipStore, type OwnershipStore } from './ownership-store.ts';
import { createReleaseStore, type ReleaseStore } from './release-store.ts';
import { createSeenHeadStore, type SeenHeadStore } from './seen-head-store.ts';
import { createTimeFloorStore, type TimeFloorStore } from './time-floor-store.ts';
import { createTrustStore, type TrustStore } from './trust-store.ts';

export type SettingKey = 'fleet' | 'name' | 'core-audit-head';

/** All that a node must know to run without a core (P3), in one SQLite file of its own. */
export interface NodeStore {
  /** The folder it lies in. */
  readonly folder: string;
  readonly trust: TrustStore;
  readonly objects: ObjectStore;
  readonly releases: ReleaseStore;
  readonly ownership: OwnershipStore;
  readonly dnsRecords: OwnRecords;
  readonly audit: AuditStore;
  readonly seenHeads: SeenHeadStore;
  readonly timeFloor: TimeFloorStore;
  setting(key: SettingKey): string | undefined;
  setSetting(key: SettingKey, value: string): void;
  /** Runs synchronous writes as one: all on the disk when it returns, or none. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Opens the store in `dataDir` (mode 0700). Throws FaultError when it can not. */
export function openNodeStore(dataDir: string): NodeStore {
  const database = openNodeDatabase(dataDir);
  const select = database.prepare<[string], { value: string }>('SELECT value FROM setting WHERE key = ?');
  const upsert = database.prepare('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)');
  return {
    folder: dataDir,
    trust: createTrustStore(database),
    objects: createObjectStore(database),
    releases: createReleaseStore(database),
    ownership: createOwnershipStore(database),
    dnsRecords: createDnsRecordStore(database),
    audit: createAuditStore(database),
    seenHeads: createSeenHeadStore(database),
    timeFloor: createTimeFloorStore(database),
    setting: (key) => select.get(key)?.value,
    setSetting: (key, value) => void upsert.run(key, value),
    transaction: (work) => database.transaction(work)(),
    close: () => database.close(),
  };
}
