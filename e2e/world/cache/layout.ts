import { homedir } from 'node:os';
import { join } from 'node:path';

/** Raised when the meaning of the folders below changes, so that two checkouts never share a cache they read differently. */
const layoutVersion = 'v1';

/** Everything the lab keeps outside the repo lies below this folder. */
export function labHome(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'overseer-lab', layoutVersion);
}

/** Finished parts: one folder per part and version, never written to once it has its name. */
export const partsFolder = (): string => join(labHome(), 'parts');

/** Half-made parts; a leftover is removed when the same part is made again. */
export const makingFolder = (): string => join(labHome(), 'making');

/** Lock files; they stay, only the kernel's lock on them counts. */
export const locksFolder = (): string => join(labHome(), 'locks');

/** Running worlds: one folder per world. */
export const worldsFolder = (): string => join(labHome(), 'worlds');

/** Download caches of Go, shared by all Go builds. */
export const goCacheFolder = (): string => join(labHome(), 'go');
