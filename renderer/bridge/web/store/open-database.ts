import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** A value sealed by this browser's AES key. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/** The keys of this device as IndexedDB keeps them: key objects that no script can read the bytes of. */
export interface StoredKeys {
  readonly deviceId: string;
  readonly name: string;
  readonly publicKey: string;
  readonly privateKey: CryptoKey;
  readonly ageRecipient: string;
  /** The age identity, sealed. */
  readonly ageIdentity: Sealed;
}

/** Everything a browser keeps. What says something is sealed; hashes, ids and places stay readable for the indexes. */
export interface DeviceSchema extends DBSchema {
  keys: { key: 'sealing' | 'device'; value: CryptoKey | StoredKeys };
  meta: { key: string; value: Sealed };
  counters: { key: string; value: number };
  rows: {
    key: number;
    /** `aside` is missing in rows that were kept before rows could be put aside. */
    value: { hash: string; unacked: boolean; sealed: Sealed; aside?: Sealed | null };
    indexes: { hash: string };
  };
  trust: { key: number; value: { hash: string; sealed: Sealed }; indexes: { hash: string } };
  objects: { key: string; value: Sealed };
  releases: { key: [string, string, number]; value: Sealed };
  intents: { key: string; value: { state: string; order: string; sealed: Sealed; fault: Sealed | null } };
  tokens: { key: string; value: Sealed };
  heads: {
    key: number;
    value: { chain: string; head: string };
    indexes: { chain: string; head: [string, string] };
  };
}

export type DeviceDatabase = IDBPDatabase<DeviceSchema>;

const NAME = 'overseer-device';
const VERSION = 1;

/** Opens the database of this origin, and makes it when it is not there. */
export function openDeviceDatabase(name = NAME): Promise<DeviceDatabase> {
  return openDB<DeviceSchema>(name, VERSION, {
    // Who deletes the database, or brings it to a newer version, must not wait for a connection that nobody uses.
    blocking: (_, __, event) => (event.target as IDBDatabase).close(),
    upgrade(database) {
      database.createObjectStore('keys');
      database.createObjectStore('meta');
      database.createObjectStore('counters');
      database.createObjectStore('rows', { autoIncrement: true }).createIndex('hash', 'hash', { unique: true });
      database.createObjectStore('trust', { autoIncrement: true }).createIndex('hash', 'hash', { unique: true });
      database.createObjectStore('objects');
      database.createObjectStore('releases');
      database.createObjectStore('intents');
      database.createObjectStore('tokens');
      const heads = database.createObjectStore('heads', { autoIncrement: true });
      heads.createIndex('chain', 'chain');
      heads.createIndex('head', ['chain', 'head'], { unique: true });
    },
  });
}
