import { beforeEach, describe, expect, test } from 'vitest';
import type { DnsRecordKey, OwnDnsRecord, OwnRecords } from '#shared/domain/routes/index.ts';

/** The port in memory. `log` tells the order of writes, for tests of "noted before done". */
export function createMemoryOwnRecords(log: string[] = []): OwnRecords {
  const records = new Map<string, OwnDnsRecord>();
  const keyOf = (key: DnsRecordKey) => `${key.routeId} ${key.type} ${key.name}`;
  return {
    get: async (key) => records.get(keyOf(key)),
    put: async (record) => {
      log.push(`put ${record.name} ${record.recordId ?? 'intent'}`);
      records.set(keyOf(record), record);
    },
    delete: async (key) => {
      log.push(`delete ${key.name}`);
      records.delete(keyOf(key));
    },
    list: async (appId) => [...records.values()].filter((record) => record.appId === appId),
  };
}

/** What every implementation of OwnRecords must keep; `create` gives an empty one. */
export function describeOwnRecords(name: string, create: () => Promise<OwnRecords> | OwnRecords): void {
  const record: OwnDnsRecord = {
    appId: 'a'.repeat(26),
    routeId: 'r'.repeat(26),
    type: 'A',
    name: 'app.lab.example',
    content: '203.0.113.5',
    proxied: false,
    mark: `ov1:0000000000000000:${'r'.repeat(26)}`,
    zone: 'lab.example',
    zoneId: 'zone',
    recordId: null,
  };
  describe(`OwnRecords: ${name}`, () => {
    let own: OwnRecords;
    beforeEach(async () => {
      own = await create();
    });

    test('P4: answers nothing about what was never put', async () => {
      expect(await own.get(record)).toBeUndefined();
      expect(await own.list(record.appId)).toEqual([]);
      await own.delete(record);
    });

    test('gives back what was put, and the newest of one key', async () => {
      await own.put(record);
      await own.put({ ...record, recordId: 'one', proxied: true });
      expect(await own.get(record)).toEqual({ ...record, recordId: 'one', proxied: true });
      expect(await own.list(record.appId)).toHaveLength(1);
    });

    test('keeps routes, types, names and apps apart', async () => {
      const others: OwnDnsRecord[] = [
        { ...record, type: 'AAAA', content: '2001:db8::1' },
        { ...record, name: 'other.lab.example' },
        { ...record, routeId: 's'.repeat(26) },
        { ...record, appId: 'b'.repeat(26), routeId: 't'.repeat(26) },
      ];
      for (const each of [record, ...others]) await own.put(each);
      for (const each of [record, ...others]) expect(await own.get(each)).toEqual(each);
      expect(await own.list(record.appId)).toHaveLength(4);
      await own.delete(record);
      expect(await own.get(record)).toBeUndefined();
      expect(await own.list(record.appId)).toHaveLength(3);
    });
  });
}
