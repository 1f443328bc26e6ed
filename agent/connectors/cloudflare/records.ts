import type { RecordResponse } from 'cloudflare/resources/dns/records';
import type { DnsRecordWish, FoundDnsRecord } from '#shared/domain/routes/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { Api } from './api.ts';
import { type Sleep, withRetry } from './retry.ts';

/** Automatic; proxied records know no other, and asking for one would never settle. */
const AUTOMATIC_TTL = 1;
const RECORDS_PER_PAGE = 100;

export interface RecordCalls {
  under(zoneId: string, name: string): Promise<Result<FoundDnsRecord[]>>;
  /** One try only: whoever calls looks for the mark before another. */
  create(zoneId: string, wish: DnsRecordWish, mark: string): Promise<Result<FoundDnsRecord>>;
  edit(zoneId: string, recordId: string, wish: DnsRecordWish, mark: string): Promise<Result<FoundDnsRecord>>;
  get(zoneId: string, recordId: string): Promise<Result<FoundDnsRecord>>;
  delete(zoneId: string, recordId: string): Promise<Result<void>>;
}

/** The record calls of API v4, in our words. */
export function createRecordCalls(api: Api, sleep: Sleep): RecordCalls {
  const fields = (wish: DnsRecordWish, mark: string) => ({
    type: wish.type,
    name: wish.name,
    content: wish.content,
    proxied: wish.proxied,
    ttl: AUTOMATIC_TTL,
    comment: mark,
  });
  const records = api.client.dns.records;
  const found = (result: Result<RecordResponse>): Result<FoundDnsRecord> =>
    result.ok ? ok(responseToFound(result.value)) : result;
  return {
    under: (zoneId, name) =>
      withRetry(sleep, async () => {
        const all = await api.listAll<RecordResponse>((page) =>
          records.list(
            { zone_id: zoneId, name: { exact: name }, page, per_page: RECORDS_PER_PAGE },
            api.requestOptions,
          ),
        );
        return all.ok ? ok(all.value.map(responseToFound)) : all;
      }),
    create: async (zoneId, wish, mark) =>
      found(await api.call(() => records.create({ zone_id: zoneId, ...fields(wish, mark) }, api.requestOptions))),
    edit: async (zoneId, recordId, wish, mark) =>
      found(
        await withRetry(sleep, () =>
          api.call(() => records.edit(recordId, { zone_id: zoneId, ...fields(wish, mark) }, api.requestOptions)),
        ),
      ),
    get: async (zoneId, recordId) =>
      found(
        await withRetry(sleep, () => api.call(() => records.get(recordId, { zone_id: zoneId }, api.requestOptions))),
      ),
    delete: async (zoneId, recordId) => {
      const gone = await withRetry(sleep, () =>
        api.call(() => records.delete(recordId, { zone_id: zoneId }, api.requestOptions)),
      );
      return gone.ok || gone.error.code === 'dns.record-gone' ? ok() : gone;
    },
  };
}

function responseToFound(record: RecordResponse): FoundDnsRecord {
  return {
    recordId: record.id,
    type: record.type,
    name: record.name.toLowerCase(),
    content: 'content' in record && typeof record.content === 'string' ? record.content : '',
    proxied: record.proxied === true,
    automaticTtl: record.ttl === AUTOMATIC_TTL,
    comment: record.comment ?? null,
  };
}
