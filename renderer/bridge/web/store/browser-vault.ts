import { deleteDB } from 'idb';
import type { DeviceVault } from '#shared/device/host/index.ts';
import type { DeviceKeys } from '#shared/device/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { generateKeptSigningKey, generateSealingKey, signerOfKeptKey } from '#shared/trust/index.ts';
import { createBrowserStore } from './device-store.ts';
import { type DeviceDatabase, openDeviceDatabase, type StoredKeys } from './open-database.ts';
import { openSealer, type Sealer } from './seal-values.ts';

/** The vault of a browser: keys as key objects that no script can read, values sealed by one of them. */
export function createBrowserVault(): DeviceVault {
  let opened: Promise<{ database: DeviceDatabase; sealer: Sealer }> | undefined;
  const open = () => {
    opened ??= openDeviceDatabase().then(async (database) => ({ database, sealer: await openSealer(database) }));
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
    try {
      return ok(await work());
    } catch (error) {
      return err(storageFault(error));
    }
  };

  return {
    openKeys: () =>
      guarded(async () => {
        const { database, sealer } = await open();
        const stored = (await database.get('keys', 'device')) as StoredKeys | undefined;
        return stored ? toKeys(stored, await sealer.open<string>('keys:age', stored.ageIdentity)) : null;
      }),
    createKeys: (name) =>
      guarded(async () => {
        const { database, sealer } = await open();
        const [signing, sealing] = [await generateKeptSigningKey(), await generateSealingKey()];
        const stored: StoredKeys = {
          deviceId: signerOfKeptKey(signing).keyId,
          name,
          ...signing,
          ageRecipient: sealing.recipient,
          ageIdentity: await sealer.seal('keys:age', sealing.identity),
        };
        const write = database.transaction('keys', 'readwrite', { durability: 'strict' });
        await Promise.all([write.store.put(stored, 'device'), write.done]);
        return toKeys(stored, sealing.identity);
      }),
    openStore: () =>
      guarded(async () => {
        const { database, sealer } = await open();
        // The store closes the database with itself: who opens it again gets a new one.
        const store = createBrowserStore(database, sealer);
        return {
          ...store,
          close: async () => {
            opened = undefined;
            await store.close();
          },
        };
      }),
    forget: () =>
      guarded(async () => {
        const present = await opened?.catch(() => undefined);
        present?.database.close();
        opened = undefined;
        await deleteDB('overseer-device');
      }),
  };
}

function toKeys(stored: StoredKeys, ageIdentity: string): DeviceKeys {
  const { deviceId, name, publicKey, ageRecipient } = stored;
  return { deviceId, name, kind: 'browser', signer: signerOfKeptKey(stored), publicKey, ageIdentity, ageRecipient };
}

function storageFault(error: unknown): Fault {
  const isFull = error instanceof Error && error.name === 'QuotaExceededError';
  return fault(
    'device.no-storage',
    isFull ? 'transient' : 'permanent',
    isFull ? 'this browser has no room left for the data of this page' : `this browser keeps nothing: ${String(error)}`,
    isFull
      ? 'Free room on this computer, then reload.'
      : 'Private windows and strict settings keep nothing: open this page in a normal window.',
  );
}
