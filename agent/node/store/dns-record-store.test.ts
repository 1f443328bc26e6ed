import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { describeOwnRecords } from '#shared/testing/own-records.ts';
import { type NodeDatabase, openNodeDatabase } from './database.ts';
import { createDnsRecordStore } from './dns-record-store.ts';

let folder: string;
let database: NodeDatabase;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-test-'));
  database = openNodeDatabase(folder);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

describeOwnRecords('the node’s store', () => createDnsRecordStore(database));
