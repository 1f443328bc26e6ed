import { ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { type Cutoff, emptyCutoff } from '#shared/trust/index.ts';
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
  return releases.ok ? ok(splitCutoff({ rows, releases: [...releases.value], audit: null })) : releases;
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
