import {
  type DnsDecision,
  type DnsEnsured,
  type DnsRecordWish,
  type DnsZone,
  decideDnsRecord,
  type OwnDnsRecord,
  type OwnRecords,
} from '#shared/domain/routes/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import { isUncertain } from './faults.ts';
import type { RecordCalls } from './records.ts';

/** How often a create may be sent, each time only after looking showed that the one before took no effect. */
const CREATE_TRIES = 2;

export interface EnsureWork {
  wish: DnsRecordWish;
  zone: DnsZone;
  mark: string;
  own: OwnRecords;
  records: RecordCalls;
}

/** Brings one record to its wish: look, decide, note the intent, act, note the id. */
export async function ensureRecord(work: EnsureWork): Promise<Result<DnsEnsured>> {
  const { wish, zone, own } = work;
  const before = await own.get(wish);
  const decision = await look(work);
  if (!decision.ok) return decision;
  switch (decision.value.do) {
    case 'nothing':
      if (!isNoted(before, entry(work, decision.value.recordId))) await own.put(entry(work, decision.value.recordId));
      // An entry that was only an intent means that this wish made the record, before a crash.
      return ok({
        recordId: decision.value.recordId,
        zone: zone.name,
        outcome: before?.recordId === null ? 'created' : 'unchanged',
      });
    case 'update': {
      const { recordId } = decision.value;
      const edited = await work.records.edit(zone.id, recordId, wish, work.mark);
      if (!edited.ok) return edited;
      await own.put(entry(work, recordId));
      return ok({ recordId, zone: zone.name, outcome: 'updated' });
    }
    case 'create': {
      const cleared = await makeRoom(work, decision.value.instead);
      return cleared.ok ? create(work, before) : cleared;
    }
  }
}

async function look(work: EnsureWork): Promise<Result<DnsDecision>> {
  const found = await work.records.under(work.zone.id, work.wish.name);
  if (!found.ok) return found;
  return decideDnsRecord(work.wish, work.mark, await work.own.list(work.wish.appId), found.value);
}

/** Removes own records of the same route that cannot stand beside the wish: an A where a CNAME is to be, say. */
async function makeRoom({ own, records }: EnsureWork, instead: readonly OwnDnsRecord[]): Promise<Result<void>> {
  for (const record of instead) {
    if (record.recordId !== null) {
      const gone = await records.delete(record.zoneId, record.recordId);
      if (!gone.ok) return gone;
    }
    await own.delete(record);
  }
  return ok();
}

async function create(work: EnsureWork, before: OwnDnsRecord | undefined): Promise<Result<DnsEnsured>> {
  const { wish, zone, own } = work;
  const intent = entry(work, null);
  await own.put(intent);
  for (let attempt = 1; ; attempt++) {
    const made = await work.records.create(zone.id, wish, work.mark);
    if (made.ok) return noteMade(work, made.value.recordId);
    const clash = made.error.code === 'dns.foreign-record';
    if (!clash && !isUncertain(made.error)) {
      await takeBack(own, before, intent);
      return made;
    }
    // The answer does not tell what stands now (a lost answer, or somebody was quicker): look before anything else.
    const now = await look(work);
    if (!now.ok) {
      if (now.error.code === 'dns.foreign-record') await takeBack(own, before, intent);
      return now;
    }
    if (now.value.do !== 'create')
      return now.value.do === 'nothing' ? noteMade(work, now.value.recordId) : err(made.error);
    if (clash) await takeBack(own, before, intent);
    if (clash || attempt === CREATE_TRIES) return made;
  }
}

async function noteMade(work: EnsureWork, recordId: string): Promise<Result<DnsEnsured>> {
  await work.own.put(entry(work, recordId));
  return ok({ recordId, zone: work.zone.name, outcome: 'created' });
}

/** The provider refused for certain: what was noted before this attempt stands again. */
async function takeBack(own: OwnRecords, before: OwnDnsRecord | undefined, intent: OwnDnsRecord): Promise<void> {
  if (before) await own.put(before);
  else await own.delete(intent);
}

const entry = ({ wish, zone, mark }: EnsureWork, recordId: string | null): OwnDnsRecord => ({
  ...wish,
  mark,
  zone: zone.name,
  zoneId: zone.id,
  recordId,
});

const NOTED: readonly (keyof OwnDnsRecord)[] = ['recordId', 'content', 'proxied', 'mark', 'zoneId', 'appId'];
const isNoted = (before: OwnDnsRecord | undefined, now: OwnDnsRecord): boolean =>
  before !== undefined && NOTED.every((field) => before[field] === now[field]);
