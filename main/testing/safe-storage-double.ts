import type { SafeStorageApi } from '../electron-api.ts';

/** Electron's safeStorage in memory: the prefix tells how it seals, and it can be made to fail or to change its key. */
export function createSafeStorageDouble(about: {
  readonly prefix: 'v10' | 'v11';
  readonly backend?: ReturnType<SafeStorageApi['getSelectedStorageBackend']>;
}): { readonly api: SafeStorageApi; failNext(times: number): void; rotate(): void } {
  let failures = 0;
  let key = 0x2a;
  const attempt = (): void => {
    if (failures === 0) return;
    failures -= 1;
    throw new Error('the keyring does not answer');
  };
  const flip = (bytes: Buffer, by: number): Buffer => Buffer.from(bytes.map((byte) => byte ^ by));
  return {
    api: {
      isAsyncEncryptionAvailable: async () => {
        attempt();
        return true;
      },
      encryptStringAsync: async (text) => {
        attempt();
        return Buffer.concat([Buffer.from(about.prefix), Buffer.from([key]), flip(Buffer.from(text), key)]);
      },
      decryptStringAsync: async (sealed) => {
        attempt();
        const by = sealed[3] ?? 0;
        return { result: flip(sealed.subarray(4), by).toString(), shouldReEncrypt: by !== key };
      },
      getSelectedStorageBackend: () => about.backend ?? 'gnome_libsecret',
    },
    failNext(times) {
      failures = times;
    },
    rotate() {
      key += 1;
    },
  };
}
