import type { DeviceVault } from '#shared/device/host/index.ts';
import type { DeviceKeys, DeviceStore } from '#shared/device/index.ts';
import { err, fault, ok } from '#shared/kernel/index.ts';
import { type DeviceKind, generateSealingKey, generateSigningKey } from '#shared/trust/index.ts';
import { createMemoryDeviceStore } from './memory-device-store.ts';

/** A vault in memory: what it holds outlives the host that used it, as a disk does. */
export function createMemoryVault(kind: DeviceKind): DeviceVault {
  let keys: DeviceKeys | null = null;
  let store: DeviceStore = createMemoryDeviceStore();
  return {
    openKeys: async () => ok(keys),
    async createKeys(name) {
      const [signing, sealing] = [await generateSigningKey(), await generateSealingKey()];
      keys = {
        deviceId: signing.signer.keyId,
        name,
        kind,
        signer: signing.signer,
        publicKey: signing.publicKey,
        ageIdentity: sealing.identity,
        ageRecipient: sealing.recipient,
      };
      return ok(keys);
    },
    // As on a desktop, where one of the keys opens it.
    openStore: async () =>
      keys === null ? err(fault('device.absent', 'permanent', 'there are no keys yet', 'Make keys first.')) : ok(store),
    async forget() {
      keys = null;
      store = createMemoryDeviceStore();
      return ok();
    },
  };
}
