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

/** Who did it, by name where the trust log has one. */
export function actorName(trust: TrustState, { actor }: AuditEntryView): string {
  const name = trust.devices.get(actor.id)?.name ?? trust.nodes.get(actor.id)?.name;
  return name ? `${actor.kind} ${name}` : actor.kind === actor.id ? actor.kind : `${actor.kind} ${actor.id}`;
}
