import { type CorePorts, type DeviceContext, type Fleet, openFleet } from '#shared/device/index.ts';
import { ok, randomId, systemClock, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createPinnedCore } from '#shared/node/core-ports/pinned-core.ts';
import { systemTimers } from '#shared/node/timers.ts';
import { createMemoryDeviceStore } from '#shared/testing/memory-device-store.ts';
import type { DeviceKind } from '#shared/trust/index.ts';
import type { CoreWorld } from './core-world.ts';
import type { TestDevice } from './test-device.ts';

/** What a device's actions stand on, with real time. */
export function deviceContext(signal = new AbortController().signal): DeviceContext {
  const tell = { note: () => undefined, status: () => undefined };
  return { clock: systemClock, random: systemRandom, timers: systemTimers, signal, tell };
}

/** The ways to the world's core, as every device on Node has them. */
export function corePorts(world: CoreWorld): CorePorts {
  return createPinnedCore({
    addresses: [{ host: '127.0.0.1', port: world.running.httpPort }],
    pin: (spki) => spki === world.folder.spki,
  });
}

/** The fleet as this device of the world sees it, over shared/device and a store in memory. */
export async function openTestFleet(world: CoreWorld, device: TestDevice, kind: DeviceKind = 'cli'): Promise<Fleet> {
  const store = createMemoryDeviceStore();
  const { addresses } = world.folder.settings;
  const { entries, fleet } = device.trust();
  await store.saveTrust(entries);
  await store.saveConfig({
    fleet,
    fleetName: 'home',
    coreSpki: world.folder.spki,
    addresses,
    writer: randomId(systemRandom),
  });
  const openCore = () => corePorts(world);
  const lock = { acquire: async () => ok({ release: () => undefined }) };
  const { name, ageRecipient } = device.identity('laptop', kind);
  const keys = { deviceId: device.deviceId, name, kind, signer: device.key.signer, publicKey: device.key.publicKey };
  const context = { ...deviceContext(), openCore, lock };
  return unwrap(await openFleet(context, { ...keys, ageIdentity: null, ageRecipient }, store));
}
