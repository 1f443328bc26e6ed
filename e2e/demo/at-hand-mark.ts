import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFleetObjects } from './at-hand-clean-up.ts';
import type { DockerCli } from './at-hand-engine.ts';
import { FOLDER_PREFIX, removeAtHandFolders } from './at-hand-folders.ts';

/** What a demo notes in its folder, so that the next one can clear up after it was killed. */
export interface DemoMark {
  readonly pid: number;
  readonly memory: string;
  readonly fleet: string | null;
  /** Core, agent and other lasting programs. */
  readonly programs: readonly number[];
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
    for (const pid of mark.programs) endProgram(pid, disk);
    if (mark.fleet !== null) await removeFleetObjects(docker, mark.fleet);
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

/** A process id may be somebody else's by now: it must run a program from that folder. */
function endProgram(pid: number, disk: string): void {
  const command = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  if (!command.includes(`${disk}/`)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}
