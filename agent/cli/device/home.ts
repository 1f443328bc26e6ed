import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of one device and the files in it. */
export interface Home {
  readonly path: string;
  /** Device keys sealed by a passphrase. */
  readonly deviceFile: string;
  /** Device keys sealed by a random passphrase that lies in the system's keyring. */
  readonly keyringDeviceFile: string;
  /** Under which name the keyring holds that passphrase: random, so that a folder that was moved still finds it. */
  readonly keyringAccountFile: string;
  /** A claim that was begun and not finished. */
  readonly claimFile: string;
  /** A request to join that was answered and not finished. */
  readonly joinFile: string;
  readonly replicaFile: string;
  readonly lockFile: string;
}

/** OVERSEER_HOME, or `overseer` in the user's data folder (XDG Base Directory). */
export function homeFromEnvironment(env: Readonly<Record<string, string | undefined>>): Home {
  const data = env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local', 'share');
  const path = env.OVERSEER_HOME || join(data, 'overseer');
  return {
    path,
    deviceFile: join(path, 'device.age'),
    keyringDeviceFile: join(path, 'device-keyring.age'),
    keyringAccountFile: join(path, 'device-keyring.account'),
    claimFile: join(path, 'claim.json'),
    joinFile: join(path, 'join.json'),
    replicaFile: join(path, 'replica.db'),
    lockFile: join(path, 'lock.db'),
  };
}

/** Makes the folder, open to its user only. */
export function makeHome(home: Home): void {
  mkdirSync(home.path, { recursive: true, mode: 0o700 });
  chmodSync(home.path, 0o700);
}

/** Writes a whole file, readable by its user only, so that a crash leaves the old one or the new one (P5). */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  const folder = openSync(join(path, '..'), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
