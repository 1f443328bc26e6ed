import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const FOLDER_PREFIX = 'overseer-demo-';

/** Where the demo at hand keeps what it has; all of it goes at the end. */
export interface AtHandFolders {
  /** On disk, open to this user only. */
  readonly disk: string;
  /** In memory where this user has such a folder, else within `disk`. */
  readonly memory: string;
  /** Null, or why secrets lie on a disk while the demo runs. */
  readonly warning: string | null;
}

/** Makes both folders, 0700. The memory folder is the one that a login session gives its user. */
export function makeAtHandFolders(env: NodeJS.ProcessEnv, parent = tmpdir()): AtHandFolders {
  const disk = mkdtempSync(join(realpathSync(parent), FOLDER_PREFIX));
  const runtime = env.XDG_RUNTIME_DIR;
  if (runtime && isWritable(runtime)) return { disk, memory: mkdtempSync(join(runtime, FOLDER_PREFIX)), warning: null };
  const memory = join(disk, 'memory');
  mkdirSync(memory, { mode: 0o700 });
  const why = runtime ? `${runtime} is not writable` : 'XDG_RUNTIME_DIR is not set';
  const warning = `Warning: ${why}, so secrets of running apps lie in ${memory} until the demo ends.`;
  return { disk, memory, warning };
}

/** Removes the folders, and what the agent mounted in them when it may. */
export function removeAtHandFolders(folders: Pick<AtHandFolders, 'disk' | 'memory'>): void {
  for (const folder of [folders.memory, folders.disk]) {
    for (const mount of mountsBelow(folder)) spawnSync('umount', [mount], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  }
}

function mountsBelow(folder: string): string[] {
  try {
    const points = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '');
    return points.filter((point) => point.startsWith(`${folder}/`)).toReversed();
  } catch {
    return [];
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
