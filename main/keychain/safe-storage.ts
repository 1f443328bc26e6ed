import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { SafeStorageApi } from '../electron-api.ts';
import { decideKeychain } from './decide-keychain.ts';
import type { Keychain } from './keychain.ts';

/** Pauses between tries, in milliseconds: a keyring daemon that is starting or asks for its own password. */
export const RETRY_PAUSES_MS = [250, 500, 1_000, 2_000, 4_000] as const;

/** What is sealed to look at the seal; it is nothing to hide. */
const SAMPLE = 'overseer';

/**
 * Electron's safeStorage as a keychain, by its asynchronous interface only. A rejected promise means that the keychain
 * can not be asked now: it is tried again and then reported; nothing is ever deleted because of it.
 */
export function createSafeStorageKeychain(
  safeStorage: SafeStorageApi,
  platform: NodeJS.Platform,
  pause: (ms: number) => Promise<void>,
): Keychain {
  const retried = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
    for (const ms of [...RETRY_PAUSES_MS, null]) {
      try {
        return ok(await work());
      } catch {
        // What it says may hold what was sealed: the fault does not repeat it.
        if (ms !== null) await pause(ms);
      }
    }
    return err(unavailable());
  };
  return {
    async check() {
      const available = await retried(() => safeStorage.isAsyncEncryptionAvailable());
      if (!available.ok) return available;
      const sample = available.value
        ? await retried(() => safeStorage.encryptStringAsync(SAMPLE))
        : ok(new Uint8Array());
      if (!sample.ok) return sample;
      const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : '';
      return decideKeychain({ platform, available: available.value, backend, sealedSample: sample.value });
    },
    seal: (text) => retried(() => safeStorage.encryptStringAsync(text)),
    open: (sealed) =>
      retried(async () => {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
        return { text: result, reseal: shouldReEncrypt };
      }),
  };
}

function unavailable(): Fault {
  return fault(
    'keychain.unavailable',
    'transient',
    'the system’s keychain does not answer',
    'Unlock it and start Overseer again. Your keys are still there; nothing was removed.',
  );
}
