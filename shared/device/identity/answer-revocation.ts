import { err, fault, isoTime, ok, type Result } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  emptyCutoff,
  isElderKey,
  signTrustEntry,
  stateBesideRevocations,
  type TrustState,
} from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';

/**
 * LOG-17: what an elder does when a younger key has revoked it: it revokes that one beside the revocation, and stays. It has
 * no session any more, so the entry is presented; this device's own log, as it was before or as it is, is what it stands on.
 * What the other device wrote stands as far as it lies in this replica.
 */
export async function answerRevocation(context: DeviceContext, fleet: Fleet, deviceId: string): Promise<Result<void>> {
  const own = fleet.device.deviceId;
  const before = stateBesideRevocations(fleet.trust(), own);
  if (!before.devices.has(deviceId)) return err(unknownDevice());
  if (!isElderKey(before, own, deviceId)) return err(notElder());
  const replica = await fleet.replica();
  if (!replica.ok) return replica;
  // The first part says enough: what lies beyond it is looked at with the next revocation, in peace.
  const rows = replica.value
    .lastRowsOf(deviceId)
    .slice(0, MAX_ROWS)
    .map((row) => ({ ...row }));
  const about = { at: isoTime(context.clock), auditHead: fleet.heads().auditHead };
  const entry = { kind: 'revoke-device', deviceId, cutoff: { ...emptyCutoff, rows } } as const;
  const envelope = await signTrustEntry(before, entry, fleet.device.signer, about);
  const applied = await applyTrustEntries(fleet.trust(), [envelope]);
  if (!applied.ok) return applied;
  const sent = await fleet.client.call('presentTrust', { body: { entries: [envelope] } });
  if (!sent.ok) return sent;
  const taken = await fleet.takeTrust([envelope]);
  if (!taken.ok) return taken;
  // Asked before the core is, which gives a revoked device no session; and after, for what only the core knew.
  const name = before.devices.get(deviceId)?.name ?? deviceId;
  const counts = decideCounts(fleet, name);
  if (!counts.ok) return counts;
  const log = await fleet.client.call('getTrust');
  if (!log.ok) return log;
  const level = await fleet.takeTrust(log.value.entries);
  return level.ok ? decideCounts(fleet, name) : level;
}

function decideCounts(fleet: Fleet, answered: string): Result<void> {
  const still = revokersOf(fleet.trust(), fleet.device.deviceId);
  return still.length === 0 ? ok() : err(stillRevoked(answered, still));
}

/** Names of those whose revocations of this device count still: a second thief can have signed one too. */
function revokersOf(trust: TrustState, own: string): readonly string[] {
  const signers = (trust.revokedDevices.get(own)?.by ?? []).flatMap((hash) => trust.graph.get(hash)?.signer ?? []);
  const nameOf = (id: string): string =>
    trust.recoveryKeys.has(id)
      ? 'the recovery words'
      : ((trust.devices.get(id) ?? trust.revokedDevices.get(id)?.device)?.name ?? id);
  return [...new Set(signers.map(nameOf))].sort();
}

function stillRevoked(name: string, still: readonly string[]) {
  return fault(
    'trust.revoked',
    'denied',
    `"${name}" is revoked, but this device is too, still: by ${still.join(', ')}`,
    'Answer each of them with `overseer device answer`; against the recovery words there is no answer.',
  );
}

/** Rows that one entry holds. */
const MAX_ROWS = 170;

function unknownDevice() {
  return fault(
    'device.unknown',
    'permanent',
    'this device knows no such device, or it let that one in itself only later',
    'Take the recovery words: `overseer device recover` claims the fleet back.',
  );
}

function notElder() {
  return fault(
    'trust.not-elder',
    'denied',
    'that device was not let in below this one, so it would stay: who is younger does not win',
    'Take the recovery words: they have the last word over every device.',
  );
}
