import type { AuditEntryView } from '#shared/contracts/rest/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { TrustState } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** Entries asked for at once. */
const PAGE = 1_000;

/** All entries of the core's audit log after a number, oldest first; -1 begins with the first. */
export async function readAudit(fleet: Fleet, after: number): Promise<Result<AuditEntryView[]>> {
  const entries: AuditEntryView[] = [];
  for (let from = after; ; ) {
    const page = await fleet.client.call('listAudit', { query: { after: from, limit: PAGE } });
    if (!page.ok) return page;
    entries.push(...page.value.entries);
    const last = page.value.entries.at(-1);
    if (!last || page.value.entries.length < PAGE) return ok(entries);
    from = last.seq;
  }
}

/** A page of the core's audit log, newest first; `before` is a sequence number. */
export async function readNewestAudit(
  fleet: Fleet,
  about: { before: number | undefined; limit: number },
): Promise<Result<AuditEntryView[]>> {
  const { before, limit } = about;
  const query = { order: 'newest' as const, limit, ...(before === undefined ? {} : { before }) };
  const page = await fleet.client.call('listAudit', { query });
  return page.ok ? ok(page.value.entries) : page;
}

/** Who did it, by name where the trust log has one. */
export function actorName(trust: TrustState, { actor }: AuditEntryView): string {
  const name = trust.devices.get(actor.id)?.name ?? trust.nodes.get(actor.id)?.name;
  return name ? `${actor.kind} ${name}` : actor.kind === actor.id ? actor.kind : `${actor.kind} ${actor.id}`;
}
