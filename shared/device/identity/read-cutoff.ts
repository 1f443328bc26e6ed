import { ok, type Result, utf8ToText } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { type Cutoff, emptyCutoff } from '#shared/trust/index.ts';
import { verifyExport } from '../audit/verify-core-audit.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readChains } from '../releases/release-chain.ts';

/** Rows and releases that one entry holds: with the rest of it well below the 64 KiB of an entry. */
const PART_ROWS = 170;
const PART_RELEASES = 130;
/**
 * Parts that one revocation comes in: each names those before it (64 at most), and all go to the core together (4 MiB). A
 * device that wrote as thousands of writers can be revoked too: what it began first stands.
 */
const MAX_PARTS = 48;

/**
 * LOG-19: all that this device has verified of these devices, which is what a revocation lets stand unless told otherwise.
 * The replica is to be level with the core. In parts, because an entry of the log has a limit.
 */
export async function readCutoff(
  fleet: Fleet,
  replica: Replica,
  deviceIds: readonly string[],
): Promise<Result<readonly Cutoff[]>> {
  const rows = deviceIds.flatMap((deviceId) => replica.lastRowsOf(deviceId).map((row) => ({ ...row })));
  const releases = await lastReleasesOf(fleet, replica, deviceIds);
  if (!releases.ok) return releases;
  return ok(splitCutoff({ rows, releases: [...releases.value], audit: await verifiedAudit(fleet) }));
}

/**
 * The last entry of the core's audit, when the whole of it holds. A core that does not give its audit, or a false one, must
 * not keep anybody from revoking: then the cut-off says nothing of it.
 */
async function verifiedAudit(fleet: Fleet): Promise<Cutoff['audit']> {
  const exported = await fleet.client.octets('exportAudit');
  if (!exported.ok) return null;
  const verdict = await verifyExport(utf8ToText(exported.value), fleet.config.fleet, await fleet.store.witnesses());
  if (!verdict.ok || verdict.value.verdict === 'broken') return null;
  const { head, entries } = verdict.value.core;
  return head === null ? null : { seq: entries, hash: head };
}

/** Apps whose releases are asked for at once. */
const READ_TOGETHER = 8;

async function lastReleasesOf(
  fleet: Fleet,
  replica: Replica,
  deviceIds: readonly string[],
): Promise<Result<Cutoff['releases']>> {
  const listed = await fleet.client.call('listApps');
  if (!listed.ok) return listed;
  const known = replica.documents().flatMap((doc) => (doc.startsWith('app:') ? [doc.slice(4)] : []));
  const appIds = new Set([...known, ...listed.value.apps.map(({ appId }) => appId)]);
  const { nodes, revokedNodes } = fleet.trust();
  const releases: Cutoff['releases'] = [];
  const nodeIds = [...nodes.keys(), ...revokedNodes.keys()];
  const wanted = [...appIds];
  for (let at = 0; at < wanted.length; at += READ_TOGETHER) {
    // One question for an app, whatever the number of nodes, and several at once.
    const some = wanted.slice(at, at + READ_TOGETHER);
    const read = await Promise.all(
      some.map(async (appId) => ({ appId, chains: await readChains(fleet, appId, nodeIds) })),
    );
    for (const { appId, chains } of read) {
      if (!chains.ok) return chains;
      for (const [node, chain] of chains.value)
        for (const deviceId of deviceIds) {
          const last = chain.findLast(({ opened }) => opened.signer === deviceId);
          if (last) releases.push({ appId, node, number: last.opened.payload.number, header: last.opened.itemHash });
        }
    }
  }
  return ok(releases);
}

/** Parts that fit an entry each; one, also when nothing stands. */
export function splitCutoff(whole: Cutoff): readonly Cutoff[] {
  const parts: Cutoff[] = [];
  const wanted = Math.max(Math.ceil(whole.rows.length / PART_ROWS), Math.ceil(whole.releases.length / PART_RELEASES));
  const count = Math.min(Math.max(1, wanted), MAX_PARTS);
  for (let part = 0; part < count; part++)
    parts.push({
      ...emptyCutoff,
      rows: whole.rows.slice(part * PART_ROWS, (part + 1) * PART_ROWS),
      releases: whole.releases.slice(part * PART_RELEASES, (part + 1) * PART_RELEASES),
      audit: whole.audit,
    });
  return parts;
}
