import { err, fault, ok, type Result, randomId } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createTrustState,
  type Device,
  type EnrolledDevice,
  keyIdOf,
  type Person,
  type RecoveryKeys,
  type TrustState,
} from '#shared/trust/index.ts';
import { createCoreClient } from '../connection/core-client.ts';
import { createSession } from '../connection/session.ts';
import { type FleetContext, openFleet } from '../fleet/open-fleet.ts';
import type { KnownCore } from '../ports/core-ports.ts';
import type { DeviceKeys } from '../ports/device-keys.ts';
import type { DeviceStore } from '../ports/device-store.ts';
import type { HttpPort } from '../ports/http.ts';
import { extendLog } from './extend-log.ts';
import { readCutoff } from './read-cutoff.ts';
import { revocationEntries } from './revoke.ts';

/** A fleet as the recovery words find it, before anything is signed. */
export interface FoundFleet {
  readonly trust: TrustState;
  /** Owners, of whom the new device can be. */
  readonly owners: readonly Person[];
  readonly devices: readonly EnrolledDevice[];
}

/**
 * REC-3: reads the log with a session of the recovery key. It must begin with `fleet` and name this very recovery key:
 * what the core says of itself is not believed further than that.
 */
export async function findFleet(
  context: FleetContext,
  about: {
    readonly http: HttpPort;
    readonly fleet: string;
    readonly coreSpki: string;
    readonly recovery: RecoveryKeys;
  },
): Promise<Result<FoundFleet>> {
  const { http, fleet, coreSpki, recovery } = about;
  const heads = () => ({ trustHead: null, auditHead: null });
  const session = createSession({
    signer: recovery.signer,
    clock: context.clock,
    fleet,
    coreSpki: () => coreSpki,
    heads,
  });
  const log = await createCoreClient({ http, signal: context.signal, session }).call('getTrust');
  if (!log.ok) return log.error.code === 'trust.unknown-signer' ? err(otherWords()) : log;
  const applied = await applyTrustEntries(createTrustState(fleet), log.value.entries);
  if (!applied.ok) return applied;
  const trust = applied.value.state;
  if (!trust.recovery || keyIdOf(trust.recovery.signKey) !== recovery.signer.keyId) return err(otherWords());
  const owners = [...trust.persons.values()].filter(({ role }) => role === 'owner');
  return ok({ trust, owners, devices: [...trust.devices.values()] });
}

/**
 * REC-3: claims a fleet back: the words revoke the devices that are lost and let this one in, in one batch. What the core
 * holds of the lost ones' rows and releases stands: they were the owner's.
 */
export async function recoverFleet(
  context: FleetContext,
  about: {
    readonly found: FoundFleet;
    readonly core: KnownCore;
    readonly recovery: RecoveryKeys;
    readonly device: DeviceKeys;
    readonly store: DeviceStore;
    readonly personId: string;
    readonly lost: readonly string[];
  },
): Promise<Result<TrustState>> {
  const { found, core, recovery, device, store, personId, lost } = about;
  const { genesis, entries, fleet: hash } = found.trust;
  await store.saveTrust(entries);
  await store.saveConfig({
    fleet: hash,
    fleetName: genesis?.fleetName ?? 'home',
    coreSpki: core.spki,
    addresses: [...core.addresses],
    writer: randomId(context.random),
  });
  // An earlier try was cut off after the core had taken it.
  if (found.trust.devices.has(device.deviceId)) return ok(found.trust);
  // The words act until this device counts: the fleet is opened with their signer.
  const opened = await openFleet(context, { ...device, signer: recovery.signer }, store);
  if (!opened.ok) return opened;
  const fleet = opened.value;
  try {
    const synced = await fleet.sync();
    if (!synced.ok) return synced;
    const replica = await fleet.replica();
    if (!replica.ok) return replica;
    const ended: { deviceId: string; entries: ReturnType<typeof revocationEntries> }[] = [];
    for (const deviceId of lost) {
      const cutoffs = await readCutoff(fleet, replica.value, [deviceId]);
      if (!cutoffs.ok) return cutoffs;
      ended.push({ deviceId, entries: revocationEntries({ deviceId }, cutoffs.value) });
    }
    let before = 0;
    let added = false;
    const signed = await extendLog(
      context,
      fleet,
      (log, made) => {
        for (;;) {
          const next = ended[0]?.entries(log, made.slice(before));
          if (next) return next;
          if (ended.shift() === undefined) break;
          before = made.length;
        }
        if (added) return undefined;
        added = true;
        return { kind: 'add-device', device: identityOf(device, log), personId };
      },
      { signer: recovery.signer },
    );
    return signed.ok ? ok(fleet.trust()) : signed;
  } finally {
    await fleet.close();
  }
}

function identityOf(device: DeviceKeys, { devices }: TrustState): Device {
  const { deviceId, name, kind, publicKey, ageRecipient } = device;
  const isTaken = [...devices.values()].some((other) => other.name === name);
  const free = isTaken ? `${name.slice(0, 55)}-${deviceId.slice(0, 6)}` : name;
  return { deviceId, name: free, kind, signKey: publicKey, ageRecipient };
}

function otherWords() {
  return fault(
    'recovery.other-fleet',
    'denied',
    'these recovery words are not those of the fleet of this core, or were replaced since',
    'Check the address of the core, and take the words that were written down last.',
  );
}
