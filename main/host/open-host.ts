import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createReplicaHost } from '#shared/device/host/index.ts';
import type { CorePorts } from '#shared/device/index.ts';
import { systemClock, systemRandom } from '#shared/kernel/index.ts';
import { createFolderCatalog } from '#shared/node/catalog.ts';
import { createPinnedCore } from '#shared/node/core-ports/pinned-core.ts';
import { acquireHomeLock } from '#shared/node/device-store/home-lock.ts';
import type { Pin } from '#shared/node/pinned-tls.ts';
import { systemTimers } from '#shared/node/timers.ts';
import type { CoreAddress } from '#shared/trust/index.ts';
import { createDesktopVault } from './desktop-vault.ts';
import type { OpenHost } from './run-host.ts';

/** How long another process may still hold the replica: the one before is on its way out. */
const LOCK_WAIT_MS = 3_000;

const openCore = (addresses: readonly CoreAddress[], pin: Pin): CorePorts =>
  createPinnedCore({ addresses: addresses.map(({ host, httpPort }) => ({ host, port: httpPort })), pin });

/** The replica host of the desktop on the ports of Node: SQLite, pinned TLS, the catalogue of the package. */
export const openHost: OpenHost = ({ paths, askVault, onBug }) => {
  const host = createReplicaHost({
    clock: systemClock,
    random: systemRandom,
    timers: systemTimers,
    kind: 'desktop',
    vault: createDesktopVault(paths.home, askVault, systemRandom),
    openCore: ({ addresses, spki }) => openCore(addresses, (found) => found === spki),
    meetCore: openCore,
    lock: {
      async acquire() {
        mkdirSync(paths.home, { recursive: true, mode: 0o700 });
        return acquireHomeLock(join(paths.home, 'lock'), LOCK_WAIT_MS);
      },
    },
    catalog: createFolderCatalog(paths.catalog),
    home: null,
    onBug,
  });
  host.start().catch(onBug);
  return { handlers: host.handlers, wake: host.wake, close: host.close };
};
