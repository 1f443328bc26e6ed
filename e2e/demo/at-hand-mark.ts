import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFleetObjects } from './at-hand-clean-up.ts';
import type { DockerCli } from './at-hand-engine.ts';
import { FOLDER_PREFIX, removeAtHandFolders } from './at-hand-folders.ts';
import { restoreImageNames } from './at-hand-images.ts';

/** What a demo notes in its folder, so that the next one can clear up after it was killed. */
export interface DemoMark {
  readonly pid: number;
  readonly memory: string;
  /** Known once the core is claimed; nothing is in the engine before. */
  readonly fleet: string | null;
  /** What the names of the demo's images meant before it. */
  readonly images: readonly (readonly [string, string | null])[];
}

const FILE = 'demo.json';

/** Notes it, whole. */
export function writeMark(disk: string, mark: DemoMark): void {
  writeFileSync(join(disk, `${FILE}.new`), JSON.stringify(mark), { mode: 0o600 });
  renameSync(join(disk, `${FILE}.new`), join(disk, FILE));
}

/** Takes away what demos of this user left that no longer run. Gives their folders. */
export async function removeLeftovers(docker: DockerCli, parent = tmpdir()): Promise<string[]> {
  const base = realpathSync(parent);
  const removed: string[] = [];
  for (const name of readdirSync(base).filter((one) => one.startsWith(FOLDER_PREFIX))) {
    const disk = join(base, name);
    const mark = readMark(disk);
    if (!mark || isRunning(mark.pid)) continue;
    endPrograms(disk);
    if (mark.fleet !== null) await removeFleetObjects(docker, mark.fleet);
    await restoreImageNames(docker, new Map(mark.images));
    removeAtHandFolders({ disk, memory: mark.memory });
    removed.push(disk);
  }
  return removed;
}

/** Only a folder of this very user is believed: anyone may write into the folder for temporary files. */
function readMark(disk: string): DemoMark | undefined {
  try {
    if (statSync(disk).uid !== process.getuid?.()) return undefined;
    return JSON.parse(readFileSync(join(disk, FILE), 'utf8')) as DemoMark;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends what runs from that folder: its name is random, so no other program's command line holds it. */
function endPrograms(disk: string): void {
  for (const { pid, command } of commandLines()) {
    if (pid === process.pid || !command.includes(`${disk}/`)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself just now.
    }
  }
}

function commandLines(): { pid: number; command: string }[] {
  if (!existsSync('/proc/self/cmdline')) {
    const text = spawnSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' }).stdout ?? '';
    return text.split('\n').map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
  }
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
    } catch {
      return [];
    }
  });
}
