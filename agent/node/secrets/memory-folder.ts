import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';

/** What holds the secrets: memory that is never swapped, or a folder with a warning that says why not. */
export interface MemoryFolder {
  readonly path: string;
  readonly kind: 'tmpfs-noswap' | 'ramfs' | 'tmpfs' | 'plain';
  /** Null when nothing can reach a disk. */
  readonly warning: string | null;
}

/** Largest total of secrets on a node, in bytes. ramfs itself knows no limit, so secret-files keeps to it too. */
export const SECRETS_MAX_BYTES = 64 * 1024 * 1024;

const TMPFS_MAGIC = 0x01021994;
const RAMFS_MAGIC = 0x858458f6;

/** How mounts are made and looked at; a port so that the choice can be tested without root. */
export interface MountTools {
  mount(type: 'tmpfs' | 'ramfs', options: string, path: string): boolean;
  /** Text of /proc/self/mountinfo; empty on a system that has none. */
  mountInfo(): string;
  hasSwap(): boolean;
  fileSystemType(path: string): number;
}

/**
 * Makes `path` a memory folder that only root can enter, once per boot: tmpfs without swap (kernel 6.4), else ramfs,
 * else what is there. Safe to call again. The folder is 0700: containers reach single files by bind mounts, so no other
 * user of the host can walk in, though the files themselves are readable for whatever user a container runs as.
 */
export function openMemoryFolder(path: string, tools: MountTools = hostTools): MemoryFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const present = findMount(path, tools);
  if (present) return present;
  const size = `size=${SECRETS_MAX_BYTES},mode=0700,nosuid,nodev`;
  if (tools.mount('tmpfs', `${size},noswap`, path)) return { path, kind: 'tmpfs-noswap', warning: null };
  if (tools.mount('ramfs', 'mode=0700,nosuid,nodev', path)) {
    chmodSync(path, 0o700);
    return { path, kind: 'ramfs', warning: null };
  }
  chmodSync(path, 0o700);
  return unmounted(path, tools);
}

/** What is already mounted exactly there. */
function findMount(path: string, tools: MountTools): MemoryFolder | undefined {
  const line = tools
    .mountInfo()
    .split('\n')
    .findLast((one) => one.split(' ')[4] === path.replaceAll(' ', '\\040'));
  if (!line) return undefined;
  const type = line.split(' - ')[1]?.split(' ')[0];
  if (type === 'ramfs') return { path, kind: 'ramfs', warning: null };
  if (type !== 'tmpfs') return undefined;
  if (/(^|[ ,])noswap(,|$)/.test(line.split(' - ')[1] ?? '')) return { path, kind: 'tmpfs-noswap', warning: null };
  return { path, kind: 'tmpfs', warning: swapWarning(tools) };
}

function unmounted(path: string, tools: MountTools): MemoryFolder {
  const type = tools.fileSystemType(path);
  if (type === RAMFS_MAGIC) return { path, kind: 'ramfs', warning: null };
  if (type === TMPFS_MAGIC) return { path, kind: 'tmpfs', warning: swapWarning(tools) };
  const warning = `Secrets of running apps lie on the disk at ${path}: this user may not mount memory there. Run the node as root, or set OVERSEER_NODE_RUN to a folder in memory.`;
  return { path, kind: 'plain', warning };
}

function swapWarning(tools: MountTools): string | null {
  return tools.hasSwap()
    ? 'Secrets of running apps may be swapped to disk: this user may not mount memory without swap. Run the node as root, switch swap off, or encrypt it.'
    : null;
}

const MOUNT_INFO = '/proc/self/mountinfo';

const hostTools: MountTools = {
  mount: (type, options, path) =>
    spawnSync('mount', ['-t', type, '-o', options, 'overseer-secrets', path], { stdio: 'ignore' }).status === 0,
  mountInfo: () => (existsSync(MOUNT_INFO) ? readFileSync(MOUNT_INFO, 'utf8') : ''),
  hasSwap: () => readFileSync('/proc/swaps', 'utf8').trim().split('\n').length > 1,
  fileSystemType: (path) => statfsSync(path).type,
};
