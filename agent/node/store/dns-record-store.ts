import type { DnsRecordKey, OwnDnsRecord, OwnRecords } from '#shared/domain/routes/index.ts';
import type { NodeDatabase } from './database.ts';

/** The connector's own record of what it wrote at the DNS provider. Durable when a call resolves. */
export function createDnsRecordStore(database: NodeDatabase): OwnRecords {
  const select = database.prepare<[string, string, string], { record: string }>(
    'SELECT record FROM dns_record WHERE route_id = ? AND type = ? AND name = ?',
  );
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO dns_record (route_id, type, name, app_id, record) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM dns_record WHERE route_id = ? AND type = ? AND name = ?');
  const byApp = database.prepare<[string], { record: string }>(
    'SELECT record FROM dns_record WHERE app_id = ? ORDER BY name, type',
  );
  const keyOf = (key: DnsRecordKey): [string, string, string] => [key.routeId, key.type, key.name];
  return {
    get: async (key) => {
      const row = select.get(...keyOf(key));
      return row ? (JSON.parse(row.record) as OwnDnsRecord) : undefined;
    },
    put: async (record) => void upsert.run(...keyOf(record), record.appId, JSON.stringify(record)),
    delete: async (key) => void remove.run(...keyOf(key)),
    list: async (appId) => byApp.all(appId).map((row) => JSON.parse(row.record) as OwnDnsRecord),
  };
}
