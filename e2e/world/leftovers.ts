import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { worldsFolder } from './cache/layout.ts';
import { isAlive } from './processes.ts';

/** What a world's folder says about who runs it. */
export type WorldState = { id: string; starter: { pid: number; startTime: string } };

export const stateFile = (folder: string): string => join(folder, 'state.json');

export function readWorldState<T extends WorldState>(folder: string): T | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(folder), 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** The engine of a world puts its containers below this control group. */
export const cgroupName = (id: string): string => `lab-${id}`;

/**
 * Removes the control groups of a world, or of one of its nodes, whose processes are gone, in both cgroup versions; false
 * when one is still in use.
 */
export function removeCgroups(id: string, node = ''): boolean {
  const base = '/sys/fs/cgroup';
  const tops = [base, ...readdirSync(base).map((d) => join(base, d))].map((d) => join(d, cgroupName(id), node));
  return tops
    .filter((top) => existsSync(top))
    .map(removeTree)
    .every(Boolean);
}

/** Control groups are folders that only rmdir removes, and only when no process is in them. */
function removeTree(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !removeTree(join(folder, entry.name))) return false;
    }
    rmdirSync(folder);
    return true;
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

const neverStartedMs = 3_600_000;

/** A folder without a state is one that is just being made by another run; after an hour it is a killed run's. */
function isLeft(folder: string): boolean {
  const state = readWorldState(folder);
  if (state) return !isAlive(state.starter.pid, state.starter.startTime);
  return Date.now() - statSync(folder).mtimeMs > neverStartedMs;
}

/**
 * Removes what runs left that were killed: their processes died with them, their folders and control groups stay.
 * Worlds whose starter lives are left alone; what is still in use waits for the next start.
 */
export function removeLeftovers(): string[] {
  if (!existsSync(worldsFolder())) return [];
  const removed: string[] = [];
  for (const id of readdirSync(worldsFolder())) {
    const folder = join(worldsFolder(), id);
    try {
      if (!isLeft(folder) || !removeCgroups(id)) continue;
      rmSync(folder, { recursive: true, force: true });
      removed.push(id);
    } catch {
      // Another start is removing the same at this moment.
    }
  }
  return removed;
}
