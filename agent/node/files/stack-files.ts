import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sha256Hex } from '#shared/kernel/index.ts';
import { writeDurableFile } from '#shared/node/durable-file.ts';

/** One file of a stack with its exact bytes. */
export interface StackFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/**
 * Files given to containers. They never change: the path contains the hash of the bytes, so another content is another
 * path, and the container that uses it is a new one. Folders are kept whole under the hash of all that lies in them.
 */
export interface FileStore {
  /** Writes what is missing and returns where a path of the stack, file or folder, lies on this node. */
  place(appId: string, files: readonly StackFile[]): (path: string) => string;
  /** Writes one file of our own and returns its path. */
  placeOne(appId: string, file: StackFile): string;
  /** Removes what is not on the way to one of these paths. */
  keepOnly(appId: string, paths: readonly string[]): void;
  /** Forgets everything written for an app. */
  remove(appId: string): void;
}

/** Keeps files below `dataDir/files`. */
export function createFileStore(dataDir: string): FileStore {
  const folderOf = (appId: string) => join(dataDir, 'files', appId);
  const pathOf = (appId: string, file: StackFile) => {
    const hash = sha256Hex(file.bytes);
    const suffix = file.mode === 0o444 ? '' : `-${file.mode.toString(8)}`;
    return join(folderOf(appId), `${hash}${suffix}`, basename(file.path));
  };
  const placeOne = (appId: string, file: StackFile) => writeOnce(pathOf(appId, file), file);
  return {
    placeOne,
    place: (appId, files) => {
      const placed = new Map(files.map((file) => [file.path, placeOne(appId, file)]));
      return (path) => placed.get(path) ?? placeFolder(folderOf(appId), path, files);
    },
    keepOnly: (appId, paths) => {
      const folder = folderOf(appId);
      for (const hash of existsSync(folder) ? readdirSync(folder) : [])
        if (!paths.some((path) => path.startsWith(`${join(folder, hash)}/`)))
          rmSync(join(folder, hash), { recursive: true, force: true });
    },
    remove: (appId) => rmSync(folderOf(appId), { recursive: true, force: true }),
  };
}

function placeFolder(root: string, path: string, files: readonly StackFile[]): string {
  const inside = files.filter((file) => file.path.startsWith(`${path}/`)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const listing = inside.map((file) => [file.path.slice(path.length + 1), sha256Hex(file.bytes), file.mode]);
  const hash = createHash('sha256').update(JSON.stringify(listing)).digest('hex');
  const folder = join(root, hash, basename(path));
  for (const file of inside) writeOnce(join(folder, file.path.slice(path.length + 1)), file);
  if (inside.length > 0) openFolder(folder);
  return folder;
}

/** The user a container runs as must be able to list what it is given, whatever the umask. */
function openFolder(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) openFolder(join(folder, entry.name));
}

function writeOnce(path: string, file: StackFile): string {
  if (isWhole(path, file)) return path;
  mkdirSync(dirname(path), { recursive: true, mode: 0o711 });
  writeDurableFile(path, file.bytes, file.mode);
  // The umask may have taken bits that the container's user needs.
  chmodSync(path, file.mode);
  return path;
}

/** Size and mode are enough: only this store writes here, whole and renamed. */
function isWhole(path: string, file: StackFile): boolean {
  if (!existsSync(path)) return false;
  const found = statSync(path);
  return found.isFile() && found.size === file.bytes.length && (found.mode & 0o777) === file.mode;
}
