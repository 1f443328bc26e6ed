import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretRef } from '#shared/domain/apps/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { type MemoryFolder, SECRETS_MAX_BYTES } from './memory-folder.ts';

/** Opens a sealed nodeCopy for one app; the caller binds fleet, node and app name. */
export type OpenSecret = (ref: SecretRef, appId: string) => Promise<Result<Uint8Array>>;

/** Memory files with the secrets of running apps, gone with the power and made again from sealed copies. */
export interface SecretFiles {
  readonly folder: MemoryFolder;
  /** Where a secret lies, whether it is there or not. The path names the sealed copy, so a new value is a new path. */
  pathOf(appId: string, ref: SecretRef): string;
  /** Writes those that are missing. True when something was written. */
  restore(appId: string, refs: readonly SecretRef[], open: OpenSecret): Promise<Result<boolean>>;
  /** Removes what an app no longer names. */
  keepOnly(appId: string, refs: readonly SecretRef[]): void;
  remove(appId: string): void;
}

/** Keeps secrets below a folder in memory. */
export function createSecretFiles(folder: MemoryFolder): SecretFiles {
  const folderOf = (appId: string) => join(folder.path, appId);
  const pathOf = (appId: string, ref: SecretRef) => join(folderOf(appId), ref.sha256, ref.name);
  return {
    folder,
    pathOf,
    restore: async (appId, refs, open) => {
      let isChanged = false;
      for (const ref of refs) {
        if (existsSync(pathOf(appId, ref))) continue;
        const opened = await open(ref, appId);
        if (!opened.ok) return opened;
        const written = write(folder.path, pathOf(appId, ref), opened.value);
        opened.value.fill(0);
        if (written) return err(written);
        isChanged = true;
      }
      return ok(isChanged);
    },
    keepOnly: (appId, refs) => {
      const kept = new Set(refs.map((ref) => ref.sha256));
      for (const hash of existsSync(folderOf(appId)) ? readdirSync(folderOf(appId)) : [])
        if (!kept.has(hash)) rmSync(join(folderOf(appId), hash), { recursive: true, force: true });
    },
    remove: (appId) => rmSync(folderOf(appId), { recursive: true, force: true }),
  };
}

/** 0444 inside 0700: the user a container runs as is not known, and no other user of the host gets past the folder. */
function write(root: string, path: string, bytes: Uint8Array): Fault | null {
  if (sizeOf(root) + bytes.length > SECRETS_MAX_BYTES)
    return fault(
      'secret.no-room',
      'permanent',
      `The secrets of this node's apps would be larger than ${SECRETS_MAX_BYTES} bytes.`,
      'Give large files to apps as files or volumes, not as secrets.',
    );
  const folder = join(path, '..');
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, bytes, { mode: 0o444 });
  // The umask may have taken bits that the container's user needs.
  chmodSync(temporary, 0o444);
  renameSync(temporary, path);
  return null;
}

function sizeOf(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
