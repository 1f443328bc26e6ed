import { err, ok, utf8ToText } from '#shared/kernel/index.ts';
import { actorName, readNewestAudit } from '../../audit/read-audit.ts';
import { verifyCoreAudit } from '../../audit/verify-core-audit.ts';
import { settleAlarms } from '../../holding/alarms.ts';
import { type FleetCalls, NOTHING, needsCore } from './fleet-call.ts';

/** The core's audit log, read and verified here. */
export const auditCalls: FleetCalls<'listAudit' | 'verifyAudit' | 'exportAudit' | 'settleAlarms'> = {
  async listAudit(host, { before, limit }) {
    const online = needsCore(host);
    if (!online.ok) return online;
    const trust = host.fleet.trust();
    const read = await readNewestAudit(host.fleet, { before, limit });
    if (!read.ok) return read;
    return ok({
      entries: read.value.map(({ envelope: _, ...entry }) => ({
        ...entry,
        by: actorName(trust, { ...entry, envelope: null }),
      })),
      head: host.fleet.heads().auditHead,
    });
  },
  async verifyAudit(host) {
    const online = needsCore(host);
    if (!online.ok) return online;
    const verdict = await verifyCoreAudit(host.context, host.fleet);
    if (!verdict.ok) return verdict;
    const { core, nodes, findings, sentence } = verdict.value;
    const trust = host.fleet.trust();
    return ok({
      verdict: verdict.value.verdict,
      sentence,
      findings: findings.map(
        ({ what, chain, seq, message }) => `${what} in ${chain}${seq === null ? '' : ` at ${seq}`}: ${message}`,
      ),
      entries: core.entries,
      nodes: Object.entries(nodes).map(([id, { entries }]) => ({ name: trust.nodes.get(id)?.name ?? id, entries })),
    });
  },
  async exportAudit(host) {
    const online = needsCore(host);
    if (!online.ok) return online;
    const exported = await host.fleet.client.octets('exportAudit');
    return exported.ok ? ok({ text: utf8ToText(exported.value) }) : err(exported.error);
  },
  async settleAlarms({ fleet, notices }) {
    await settleAlarms(fleet.store);
    notices.settleAlarms();
    return NOTHING;
  },
};
