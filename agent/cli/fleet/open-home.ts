import { type Fleet, type FleetContext, openFleet } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { createPinnedCore } from '#shared/node/core-ports/pinned-core.ts';
import { createDeviceStore } from '#shared/node/device-store/device-store.ts';
import { acquireHomeLock } from '#shared/node/device-store/home-lock.ts';
import { openReplicaDatabase } from '#shared/node/device-store/replica-db.ts';
import type { CliKeys } from '../device/device-keys.ts';
import type { Home } from '../device/home.ts';

const LOCK_WAIT_MS = 3_000;

/** Opens the fleet of this device's home. */
export async function openHome(
  context: Omit<FleetContext, 'openCore' | 'lock'> & { home: Home },
  device: CliKeys,
): Promise<Result<Fleet>> {
  const store = createDeviceStore(openReplicaDatabase(context.home.replicaFile, device.replicaKey));
  return openFleet(fleetContext(context), device, store);
}

/** The ways of this home to a core and to its own lock. */
export function fleetContext(context: Omit<FleetContext, 'openCore' | 'lock'> & { home: Home }): FleetContext {
  return {
    ...context,
    openCore: ({ addresses, spki }) =>
      createPinnedCore({
        addresses: addresses.map(({ host, httpPort }) => ({ host, port: httpPort })),
        pin: (found) => found === spki,
      }),
    lock: { acquire: async () => acquireHomeLock(context.home.lockFile, LOCK_WAIT_MS) },
  };
}
