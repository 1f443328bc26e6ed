import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
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

/** Removes empty control groups of a world whose processes are gone, in both cgroup versions. */
export function removeCgroups(id: string): void {
  const base = '/sys/fs/cgroup';
  const name = cgroupName(id);
  const tops = [base, ...readdirSync(base).map((d) => join(base, d))].map((d) => join(d, name));
  for (const top of tops) if (existsSync(top)) removeTree(top);
}

function removeTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch {
    // Still in use by something that is just ending; the next start tries again.
  }
}

/**
 * Removes what runs left that were killed: their processes died with them, their folders and control groups stay.
 * Worlds whose starter lives are left alone.
 */
export function removeLeftovers(): string[] {
  if (!existsSync(worldsFolder())) return [];
  const removed: string[] = [];
  for (const id of readdirSync(worldsFolder())) {
    const folder = join(worldsFolder(), id);
    const state = readWorldState(folder);
    // A folder without a state is one that is just being made, by this run's sibling; a day later it is not.
    if (!state || isAlive(state.starter.pid, state.starter.startTime)) continue;
    removeCgroups(id);
    rmSync(folder, { recursive: true, force: true });
    removed.push(id);
  }
  return removed;
}
