import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { DeviceStore } from '#shared/device/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';
import { createDeviceStore } from '#shared/node/device-store/device-store.ts';
import { openReplicaDatabase } from '#shared/node/device-store/replica-db.ts';
import { applyTrustEntries, createTrustState } from '#shared/trust/index.ts';
import type { CliContext } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { type CliKeys, createDevice, hasDevice, unlockDevice } from './device-keys.ts';
import { readPendingClaim } from './pending-claim.ts';

/**
 * The keys of a device that belongs to no fleet yet: those of an unfinished first try, or new ones. With 'unfinished' also
 * those of a home that keeps a fleet whose log does not name it.
 */
export async function openOrCreateDevice(
  context: CliContext,
  input: VerbInput,
  also: 'nothing' | 'unfinished' = 'nothing',
): Promise<Result<CliKeys>> {
  const { home } = context;
  if (!hasDevice(home)) {
    // A replica without its keys can never be opened again; it can only be a leftover of an aborted first try.
    if (existsSync(home.replicaFile)) return err(strayReplica(home.replicaFile));
    const name = input.text('name') ?? (hostname().replaceAll(/\p{C}/gu, '').slice(0, 63) || 'cli');
    return createDevice(home, name, context.askPassphrase, context.keyring, context.random);
  }
  const device = await unlockDevice(home, context.askPassphrase, context.keyring);
  if (!device.ok) return device;
  if (!existsSync(home.replicaFile)) return device;
  const store = createDeviceStore(openReplicaDatabase(home.replicaFile, device.value.replicaKey));
  const claimed = await store.config();
  const isUnfinished = also === 'unfinished' && !(await isInLog(store, device.value.deviceId));
  await store.close();
  return claimed && readPendingClaim(home) === undefined && !isUnfinished
    ? err(alreadyClaimed(claimed.fleetName))
    : device;
}

/** Whether the log in a store names this device: a recovery that was cut off has left one that does not. */
async function isInLog(store: DeviceStore, deviceId: string): Promise<boolean> {
  const log = await applyTrustEntries(createTrustState(), await store.trustEntries());
  return log.ok && (log.value.state.devices.has(deviceId) || log.value.state.revokedDevices.has(deviceId));
}

function alreadyClaimed(fleetName: string) {
  return fault(
    'device.already-claimed',
    'conflict',
    `this device already belongs to the fleet "${fleetName}"`,
    'Use it as it is, or set OVERSEER_HOME to an empty folder to be a device of another fleet.',
  );
}

function strayReplica(path: string) {
  return fault(
    'device.bad-replica',
    'permanent',
    `${path} exists but the device keys that open it are gone`,
    'Put device.age back from your backup, or move the folder away to begin anew.',
  );
}
