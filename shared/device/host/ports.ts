import type { Clock, Random, Result } from '#shared/kernel/index.ts';
import type { CoreAddress, DeviceKind } from '#shared/trust/index.ts';
import type { CatalogPort } from '../ports/catalog.ts';
import type { CorePorts, OpenCore } from '../ports/core-ports.ts';
import type { DeviceKeys } from '../ports/device-keys.ts';
import type { DeviceStore } from '../ports/device-store.ts';
import type { ReplicaLock } from '../ports/replica-lock.ts';
import type { Timers } from '../ports/timers.ts';

/** Where a device keeps its keys and its store. */
export interface DeviceVault {
  /** The keys of this device; null when it has none yet. */
  openKeys(): Promise<Result<DeviceKeys | null>>;
  /** Makes keys and keeps them. */
  createKeys(name: string): Promise<Result<DeviceKeys>>;
  /** Only once there are keys: where they open the store there is none before. */
  openStore(): Promise<Result<DeviceStore>>;
  /** Deletes keys and store for ever. */
  forget(): Promise<Result<void>>;
}

/** What a replica host stands on; the browser's worker, the desktop's utility process and tests each bring their own. */
export interface HostPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly kind: Exclude<DeviceKind, 'automation'>;
  readonly vault: DeviceVault;
  readonly openCore: OpenCore;
  /** Ways to a core whose key is not known yet: `accepts` judges the key before anything is sent. */
  readonly meetCore: (addresses: readonly CoreAddress[], accepts: (spki: string) => boolean) => CorePorts;
  readonly lock: ReplicaLock;
  readonly catalog: CatalogPort;
  /** The core that this program came from; null for a desktop, where a person says the address. */
  readonly home: CoreAddress | null;
  /** Told about what must not happen. */
  readonly onBug: (error: unknown) => void;
}
