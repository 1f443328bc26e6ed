import { utf8, utf8ToText } from '#shared/kernel/index.ts';
import type { DeviceDatabase, Sealed } from './open-database.ts';

/** Seals and opens what this browser keeps. `place` binds a value to where it lies, so that none can be moved. */
export interface Sealer {
  seal(place: string, value: unknown): Promise<Sealed>;
  open<T>(place: string, sealed: Sealed): Promise<T>;
  sealBytes(place: string, bytes: Uint8Array): Promise<Sealed>;
  openBytes(place: string, sealed: Sealed): Promise<Uint8Array<ArrayBuffer>>;
}

/** The AES key of this browser: made once, never readable, kept as a key object. */
export async function openSealer(database: DeviceDatabase): Promise<Sealer> {
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const write = database.transaction('keys', 'readwrite', { durability: 'strict' });
  const present = (await write.store.get('sealing')) as CryptoKey | undefined;
  if (!present) await write.store.put(fresh, 'sealing');
  await write.done;
  return createSealer(present ?? fresh);
}

function createSealer(key: CryptoKey): Sealer {
  const about = (iv: Uint8Array<ArrayBuffer>, place: string) => ({ name: 'AES-GCM', iv, additionalData: utf8(place) });
  const sealer: Sealer = {
    seal: (place, value) => sealer.sealBytes(place, utf8(JSON.stringify(value))),
    open: async (place, sealed) => JSON.parse(utf8ToText(await sealer.openBytes(place, sealed))),
    async sealBytes(place, bytes) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      return { iv, data: await crypto.subtle.encrypt(about(iv, place), key, new Uint8Array(bytes)) };
    },
    openBytes: async (place, { iv, data }) => new Uint8Array(await crypto.subtle.decrypt(about(iv, place), key, data)),
  };
  return sealer;
}
