import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './cache/lab-error.ts';
import { worldsFolder } from './cache/layout.ts';
import { createHandle, type SavedWorld, type WorldHandle } from './handle.ts';
import { readWorldState } from './leftovers.ts';
import { isAlive } from './processes.ts';

/** The worlds of living starters, complete enough to be entered. */
export function runningWorlds(): SavedWorld[] {
  if (!existsSync(worldsFolder())) return [];
  return readdirSync(worldsFolder()).flatMap((id) => {
    const saved = readWorldState<SavedWorld>(join(worldsFolder(), id));
    return saved?.init && isAlive(saved.init.pid, saved.init.startTime) ? [saved] : [];
  });
}

/** A handle on a world that another process keeps running; without an id the only one there is. */
export function attachWorld(id?: string): WorldHandle & { starterPid: number } {
  const running = runningWorlds();
  const found = id ? running.find((w) => w.id === id) : running[0];
  if (!found || (!id && running.length > 1)) {
    const names = running.map((w) => w.id).join(', ') || 'none';
    throw new LabError(
      'world',
      `which one? Running: ${names}`,
      'start one by `node e2e/world/cli.ts up`, or name one by --id',
    );
  }
  const folder = join(worldsFolder(), found.id);
  // A node may have been power-cycled since; its present first process stands in the file.
  const nodePids = () => readWorldState<SavedWorld>(folder)?.nodePids ?? found.nodePids;
  return { ...createHandle(found, folder, nodePids), starterPid: found.starter.pid };
}
