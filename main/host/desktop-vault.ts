import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceVault } from '#shared/device/host/index.ts';
import type { DeviceStore } from '#shared/device/index.ts';
import { err, FaultError, fault, ok, type Random, type Result } from '#shared/kernel/index.ts';
import {
  createDeviceSecrets,
  type DeviceSecrets,
  deviceSecretsSchema,
  secretsToKeys,
} from '#shared/node/device-store/device-secrets.ts';
import { createDeviceStore } from '#shared/node/device-store/device-store.ts';
import { openReplicaDatabase } from '#shared/node/device-store/replica-db.ts';
import type { AskVault } from './run-host.ts';

/** The vault of this device. Its secrets are asked for once and kept in memory while the host runs. */
export function createDesktopVault(home: string, askVault: AskVault, random: Random): DeviceVault {
  const replica = join(home, 'replica.db');
  let secrets: DeviceSecrets | undefined;
  let store: DeviceStore | undefined;

  const load = async (): Promise<Result<DeviceSecrets | null>> => {
    if (secrets) return ok(secrets);
    const text = await askVault({ does: 'load' });
    if (!text.ok) return text;
    if (text.value === null) return ok(null);
    const parsed = readSecrets(text.value);
    if (parsed.ok) secrets = parsed.value;
    return parsed;
  };

  return {
    async openKeys() {
      const loaded = await load();
      if (!loaded.ok) return loaded;
      return ok(loaded.value === null ? null : await secretsToKeys(loaded.value, 'desktop'));
    },
    async createKeys(name) {
      // Only a leftover of a first try that was cut short: without its key nobody can open it any more.
      if (existsSync(replica)) rmSync(replica);
      const made = await createDeviceSecrets(name, random);
      const kept = await askVault({ does: 'save', secrets: JSON.stringify(made) });
      if (!kept.ok) return kept;
      secrets = made;
      return ok(await secretsToKeys(made, 'desktop'));
    },
    async openStore() {
      const loaded = await load();
      if (!loaded.ok) return loaded;
      if (loaded.value === null) return err(noKeys());
      mkdirSync(home, { recursive: true, mode: 0o700 });
      try {
        store = createDeviceStore(openReplicaDatabase(replica, loaded.value.replicaKey));
        return ok(store);
      } catch (error) {
        if (error instanceof FaultError) return err(error.fault);
        throw error;
      }
    },
    async forget() {
      await store?.close();
      store = undefined;
      secrets = undefined;
      const removed = await askVault({ does: 'remove' });
      if (!removed.ok) return removed;
      rmSync(replica, { force: true });
      return ok();
    },
  };
}

function readSecrets(text: string): Result<DeviceSecrets> {
  try {
    const parsed = deviceSecretsSchema.safeParse(JSON.parse(text));
    if (parsed.success) return ok(parsed.data);
  } catch {
    // Not JSON: the same news.
  }
  return err(
    fault(
      'device.bad-file',
      'permanent',
      'the keys of this device were kept by a version that this one does not know',
      'Use the version of Overseer that wrote them, or a newer one.',
    ),
  );
}

function noKeys() {
  return fault('device.absent', 'permanent', 'this desktop has no keys yet', 'Claim a core, or join a fleet.');
}
