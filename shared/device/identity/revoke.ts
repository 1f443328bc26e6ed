import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { type Cutoff, isElderKey, itemHash, type Signer, type TrustState } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { levelTrust } from '../nodes/enrolment-tokens.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { extendLog, type NextEntry, oneEntry } from './extend-log.ts';
import { readCutoff } from './read-cutoff.ts';

/** Whom a revocation ends: one device, or a person with all devices. */
export type Revoked = { readonly deviceId: string } | { readonly personId: string };

/** An entry of the trust log. */
export interface SignedByDevice {
  readonly hash: string;
  readonly kind: string;
  /** As its signer says. */
  readonly at: string;
}

/** What a revocation would do, for the person to look at. */
export interface RevocationPlan {
  readonly revoked: Revoked;
  /** Devices that it ends. */
  readonly deviceIds: readonly string[];
  /** Those that the holder could bring back by revoking this device: only the recovery words end them for good. */
  readonly elders: readonly string[];
  /** Devices that one of them let in, and that stay. */
  readonly letIn: readonly string[];
  /** What they signed in the trust log, oldest first: it stands unless the revocation is signed beside it. */
  readonly signed: readonly SignedByDevice[];
  /** No owner's desktop or CLI is left afterwards: from there on only the recovery words extend the log. */
  readonly isLastOwner: boolean;
  /** LOG-24: fewer owners' devices are left than must agree on a further one: only the recovery words let one in then. */
  readonly isBelowThreshold: boolean;
  readonly cutoffs: readonly Cutoff[];
}

/** Reads the log and what stands of whom is to be revoked. `replica` is to be level with the core. */
export async function planRevocation(
  fleet: Fleet,
  replica: Replica,
  revoked: Revoked,
): Promise<Result<RevocationPlan>> {
  const read = await levelTrust(fleet);
  if (!read.ok) return read;
  const trust = fleet.trust();
  const deviceIds = devicesOf(trust, revoked);
  if (deviceIds === undefined) return err(goneAlready());
  const cutoffs = await readCutoff(fleet, replica, deviceIds);
  if (!cutoffs.ok) return cutoffs;
  const own = fleet.device.deviceId;
  const left = firmOwners(trust).filter((deviceId) => !deviceIds.includes(deviceId));
  return ok({
    revoked,
    deviceIds,
    elders: deviceIds.filter((deviceId) => deviceId !== own && isElderKey(trust, deviceId, own)),
    letIn: letInBy(trust, deviceIds),
    signed: signedBy(trust, deviceIds),
    isLastOwner: left.length === 0,
    isBelowThreshold: left.length < trust.ownerThreshold,
    cutoffs: cutoffs.value,
  });
}

/** Signs the revocation, by this device or by the recovery words; beside entries of the log that it is to void. */
export async function revoke(
  context: DeviceContext,
  fleet: Fleet,
  plan: RevocationPlan,
  by: { readonly signer?: Signer | undefined; readonly beside?: readonly string[] } = {},
): Promise<Result<void>> {
  const done = await extendLog(context, fleet, revocationEntries(plan.revoked, plan.cutoffs), by);
  return done.ok ? ok() : done;
}

/** LOG-23: ends a node. What runs there runs on; it takes no order and no secret any more. */
export async function revokeNode(context: DeviceContext, fleet: Fleet, nodeId: string): Promise<Result<void>> {
  const done = await extendLog(context, fleet, oneEntry({ kind: 'revoke-node', nodeId }));
  return done.ok ? ok() : done;
}

/** LOG-19: one entry for each part of the cut-off, each beside the ones before. */
export function revocationEntries(revoked: Revoked, cutoffs: readonly Cutoff[]): NextEntry {
  return (_, made) => {
    const cutoff = cutoffs[made.length];
    if (cutoff === undefined) return undefined;
    const besides = made.map(itemHash);
    const how = { cutoff, ...(besides.length > 0 && { besides }) };
    return 'deviceId' in revoked
      ? { kind: 'revoke-device', deviceId: revoked.deviceId, ...how }
      : { kind: 'revoke-person', personId: revoked.personId, ...how };
  };
}

function devicesOf(trust: TrustState, revoked: Revoked): readonly string[] | undefined {
  // What is revoked already may be revoked again: who did it before may have let nothing stand, or what nobody has seen.
  if ('deviceId' in revoked) {
    const { deviceId } = revoked;
    return trust.devices.has(deviceId) || trust.revokedDevices.has(deviceId) ? [deviceId] : undefined;
  }
  if (!trust.persons.has(revoked.personId)) return undefined;
  return [...trust.devices.values()]
    .filter(({ personId }) => personId === revoked.personId)
    .map(({ deviceId }) => deviceId);
}

function letInBy(trust: TrustState, deviceIds: readonly string[]): readonly string[] {
  return [...trust.graph.values()].flatMap(({ entry, signer }) =>
    entry.kind === 'add-device' &&
    deviceIds.includes(signer) &&
    trust.devices.has(entry.device.deviceId) &&
    !deviceIds.includes(entry.device.deviceId)
      ? [entry.device.deviceId]
      : [],
  );
}

function signedBy(trust: TrustState, deviceIds: readonly string[]): readonly SignedByDevice[] {
  return trust.entries.flatMap((envelope) => {
    const entry = trust.graph.get(itemHash(envelope));
    if (!entry || entry.entry.kind === 'genesis' || !deviceIds.includes(entry.signer)) return [];
    return [{ hash: entry.hash, kind: entry.entry.kind, at: entry.payload.at }];
  });
}

/** LOG-24: the devices that have a vote. */
export function firmOwners(trust: TrustState): readonly string[] {
  return [...trust.devices.values()]
    .filter(
      ({ kind, personId }) => (kind === 'desktop' || kind === 'cli') && trust.persons.get(personId)?.role === 'owner',
    )
    .map(({ deviceId }) => deviceId);
}

function goneAlready(): Fault {
  return fault(
    'trust.unknown-id',
    'denied',
    'it was never in the fleet, or is a person who is revoked already',
    'Look at `overseer device list` or `overseer people list`.',
  );
}
