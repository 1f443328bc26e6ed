import { setTimeout as delay } from 'node:timers/promises';
import {
  type DnsPort,
  type DnsRecordKey,
  type DnsRecordWish,
  type DnsZone,
  decideDnsRecord,
  dnsMark,
  type OwnDnsRecord,
  type OwnRecords,
} from '#shared/domain/routes/index.ts';
import { err, fault, ok, type Random, type Result, systemRandom } from '#shared/kernel/index.ts';
import { createApi } from './api.ts';
import { testCapabilities } from './capabilities.ts';
import { ensureRecord } from './ensure.ts';
import { normaliseWish, storedName } from './names.ts';
import { createRecordCalls } from './records.ts';
import type { Sleep } from './retry.ts';
import { createZoneFinder } from './zones.ts';

export interface CloudflareConnectorOptions {
  /** The API token; it lives in this object only and in the header of each request. */
  token: string;
  /** Null is Cloudflare's own address. */
  baseUrl: string | null;
  accountId: string | null;
  /** Zones the connector may touch; empty: all that the token sees. */
  zones: readonly string[];
  /** The fleet's id (hex), part of the mark. */
  fleet: string;
  own: OwnRecords;
  timeoutMs?: number;
  signal?: AbortSignal;
  sleep?: Sleep;
  random?: Random;
}

/** The DNS port over Cloudflare's official SDK. */
export function createCloudflareConnector(options: CloudflareConnectorOptions): DnsPort {
  const { own, fleet } = options;
  const sleep: Sleep =
    options.sleep ?? ((ms) => delay(ms, undefined, options.signal ? { signal: options.signal } : {}));
  const api = createApi(options);
  const wantedZones = options.zones.map((name) => storedName(name) ?? name);
  const zones = createZoneFinder(api, wantedZones, sleep);
  const records = createRecordCalls(api, sleep);
  const turns = createTurns();

  const placed = async (wish: DnsRecordWish): Promise<Result<{ wish: DnsRecordWish; zone: DnsZone; mark: string }>> => {
    const normal = normaliseWish(wish);
    if (!normal.ok) return normal;
    const zone = await zones.find(normal.value.name);
    return zone.ok ? ok({ wish: normal.value, zone: zone.value, mark: dnsMark(fleet, wish.routeId) }) : zone;
  };

  return {
    test: () =>
      testCapabilities({
        api,
        zones,
        wanted: wantedZones,
        accountId: options.accountId,
        random: options.random ?? systemRandom,
        sleep,
      }),
    findZone: (hostname) => zones.find(hostname),
    ensure: (wish) =>
      turns.take(wish.name, async () => {
        const place = await placed(wish);
        if (!place.ok) return place;
        const done = await ensureRecord({ ...place.value, own, records });
        if (!done.ok && done.error.code === 'dns.zone-not-found') zones.forget();
        return done;
      }),
    remove: (key) => turns.take(key.name, () => remove(normalKey(key))),
    async look(wish) {
      const place = await placed(wish);
      if (!place.ok) return place;
      const { zone, mark, wish: normal } = place.value;
      const found = await records.under(zone.id, normal.name);
      if (!found.ok) return found;
      const decision = decideDnsRecord(normal, mark, await own.list(wish.appId), found.value);
      if (!decision.ok) return ok('clash');
      return ok(decision.value.do === 'nothing' ? 'present' : 'absent');
    },
    list: (appId) => own.list(appId),
  };

  async function remove(key: DnsRecordKey): Promise<Result<'removed' | 'absent' | 'kept'>> {
    const entry = await own.get(key);
    if (!entry) return ok('absent');
    const target =
      entry.recordId === null ? await intendedRecord(entry) : await records.get(entry.zoneId, entry.recordId);
    // A zone that left the account took its records along.
    if (!target.ok && !['dns.record-gone', 'dns.zone-not-found'].includes(target.error.code)) return target;
    const record = target.ok ? target.value : undefined;
    if (record && record.comment === entry.mark) {
      const gone = await records.delete(entry.zoneId, record.recordId);
      if (!gone.ok) return gone;
    }
    await own.delete(key);
    if (!record) return ok('absent');
    return ok(record.comment === entry.mark ? 'removed' : 'kept');
  }

  /** The record of an entry whose id was never noted, found by its mark. */
  async function intendedRecord(entry: OwnDnsRecord) {
    const found = await records.under(entry.zoneId, entry.name);
    if (!found.ok) return found;
    const marked = found.value.filter((record) => record.comment === entry.mark && record.type === entry.type);
    const [record] = marked;
    return record && marked.length === 1 ? ok(record) : err(gone(entry));
  }
}

const gone = (entry: OwnDnsRecord) =>
  fault(
    'dns.record-gone',
    'permanent',
    `There is no record ${entry.type} ${entry.name} with our mark.`,
    'Nothing to do: the record is made again when it is wished.',
  );

const normalKey = (key: DnsRecordKey): DnsRecordKey => ({ ...key, name: storedName(key.name) ?? key.name });

/** One call at a time per name: looking and then making is one step. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return {
    async take<T>(name: string, work: () => Promise<T>): Promise<T> {
      const key = storedName(name) ?? name;
      const before = last.get(key) ?? Promise.resolve();
      const mine = before.then(work, work);
      last.set(key, mine);
      try {
        return await mine;
      } finally {
        if (last.get(key) === mine) last.delete(key);
      }
    },
  };
}
