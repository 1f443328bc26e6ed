import { Agent, request } from 'node:https';
import { type CorePorts, type DeviceContext, type Fleet, type HttpPort, openFleet } from '#shared/device/index.ts';
import { FaultError, fault, ok, randomId, systemClock, systemRandom, unwrap } from '#shared/kernel/index.ts';
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

/** Speaks HTTPS with the world's core, as an edge of a device does. */
export function httpPort(world: CoreWorld): HttpPort {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  return {
    send: ({ method, path, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const about = { agent, host: '127.0.0.1', port: world.running.httpPort, method, path, headers, signal };
        const outgoing = request(about, (response) =>
          resolve({
            status: response.statusCode ?? 0,
            header: (name) => {
              const found = response.headers[name];
              return Array.isArray(found) ? found.join(', ') : found;
            },
            body: response,
            cancel: () => void response.destroy(),
          }),
        );
        outgoing.on('error', (error) =>
          reject(
            error.name === 'AbortError'
              ? error
              : new FaultError(fault('core.unreachable', 'transient', error.message, 'start the core')),
          ),
        );
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
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
  const openCore = (): CorePorts => ({
    http: httpPort(world),
    sockets: { open: () => Promise.reject(new Error('no sockets here')) },
  });
  const lock = { acquire: async () => ok({ release: () => undefined }) };
  const { name, ageRecipient } = device.identity('laptop', kind);
  const keys = { deviceId: device.deviceId, name, kind, signer: device.key.signer, publicKey: device.key.publicKey };
  const context = { ...deviceContext(), openCore, lock };
  return unwrap(await openFleet(context, { ...keys, ageIdentity: null, ageRecipient }, store));
}
