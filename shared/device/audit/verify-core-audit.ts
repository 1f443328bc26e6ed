import { isoTime, type Result, utf8ToText } from '#shared/kernel/index.ts';
import { type AuditVerdict, type AuditWitness, verifyAudit } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { DeviceStore } from '../ports/device-store.ts';

/** Checks the core's audit log against what this device has witnessed; from then on it is a witness of that too. */
export async function verifyCoreAudit(context: DeviceContext, fleet: Fleet): Promise<Result<AuditVerdict>> {
  const exported = await fleet.client.octets('exportAudit');
  if (!exported.ok) return exported;
  const { store, config } = fleet;
  const verdict = await verifyExport(utf8ToText(exported.value), config.fleet, await store.witnesses());
  if (verdict.ok && verdict.value.verdict !== 'broken') await noteChains(store, isoTime(context.clock), verdict.value);
  return verdict;
}

/** Checks an export against the heads that somebody witnessed. */
export function verifyExport(
  text: string,
  genesis: string,
  witnesses: readonly AuditWitness[],
): Promise<Result<AuditVerdict>> {
  const lines = text.split('\n').filter((line) => line !== '');
  return verifyAudit(lines, { genesis, witnesses });
}

/** The fleet an export says it is of: good enough for consistency, proof of nothing. */
export function fleetOfExport(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const fleet = /"fleet\\?":\\?"([0-9a-f]{64})/.exec(line)?.[1];
    if (fleet !== undefined) return fleet;
  }
  return undefined;
}

async function noteChains(store: DeviceStore, at: string, verdict: AuditVerdict): Promise<void> {
  if (verdict.core.head !== null) await store.noteHeads('core', [verdict.core.head], at);
  for (const [node, { head }] of Object.entries(verdict.nodes)) {
    if (head !== null) await store.noteHeads(node, [head], at);
  }
}
