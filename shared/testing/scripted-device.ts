import { onTestFinished } from 'vitest';
import { type DeviceKeys, type Fleet, type FleetContext, openFleet } from '#shared/device/index.ts';
import { ok, randomId, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createManualTimers, type ManualTimers } from './deterministic.ts';
import { createFleetOfDevices, type FleetOfDevices } from './fleet-of-devices.ts';
import { createMemoryDeviceStore } from './memory-device-store.ts';
import { createScriptedCore, type ScriptedCore } from './scripted-core.ts';

/** A claimed device with real keys over ports in memory, and the core it talks to. */
export interface ScriptedDevice {
  readonly context: Omit<FleetContext, 'timers'> & { readonly timers: ManualTimers };
  readonly fleet: Fleet;
  readonly core: ScriptedCore;
  readonly all: FleetOfDevices;
  /** What was told beside the results. */
  notes(): string;
}

/** Makes the first device of a fleet; `keys` bends what it holds. */
export async function createScriptedDevice(keys: Partial<DeviceKeys> = {}): Promise<ScriptedDevice> {
  const all = await createFleetOfDevices(1);
  const { trust, clock } = all;
  const [signing, sealing] = [all.devices[0], all.sealing[0]];
  if (!signing || !sealing) throw new Error('a fleet has a first device');
  const core = createScriptedCore(() => clock.nowMs());
  core.fleet = trust.fleet;
  const store = createMemoryDeviceStore();
  await store.saveTrust(trust.entries);
  await store.saveConfig({
    fleet: trust.fleet,
    fleetName: 'test',
    coreSpki: core.spki,
    addresses: [],
    writer: randomId(systemRandom),
  });
  let notes = '';
  const context = {
    clock,
    random: systemRandom,
    timers: createManualTimers(),
    signal: new AbortController().signal,
    tell: {
      note: (text: string) => {
        notes += `${text}\n`;
      },
      status: () => undefined,
    },
    openCore: () => core.ports,
    lock: { acquire: async () => ok({ release: () => undefined }) },
  };
  const device: DeviceKeys = {
    deviceId: signing.signer.keyId,
    name: 'device 1',
    kind: 'cli',
    signer: signing.signer,
    publicKey: signing.publicKey,
    ageIdentity: sealing.identity,
    ageRecipient: sealing.recipient,
    ...keys,
  };
  const fleet = unwrap(await openFleet(context, device, store));
  onTestFinished(() => fleet.close());
  return { context, fleet, core, all, notes: () => notes };
}
