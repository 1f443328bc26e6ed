import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeHold } from '#shared/contracts/link/messages.ts';
import { readTextIfPresent } from '#shared/node/durable-file.ts';
import type { LinkStatus } from './link/node-link.ts';

/** What the running agent says of itself, for `overseer node status`. Lives in memory (runDir). */
export interface NodeStatusFile {
  readonly pid: number;
  readonly startedAt: string;
  readonly link: LinkStatus;
  readonly hold: NodeHold;
}

/** Writes the file whole; a failure is no reason to stop (the agent runs without it). */
export function writeStatusFile(runDir: string, status: NodeStatusFile): void {
  try {
    mkdirSync(runDir, { recursive: true, mode: 0o755 });
    const path = join(runDir, 'node-status.json');
    writeFileSync(`${path}.tmp`, `${JSON.stringify(status)}\n`, { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  } catch {
    // Only the status command would miss it.
  }
}

/** The file of an agent that still runs, else undefined. */
export function readStatusFile(runDir: string): NodeStatusFile | undefined {
  const text = readTextIfPresent(join(runDir, 'node-status.json'));
  if (text === undefined) return undefined;
  try {
    const status = JSON.parse(text) as NodeStatusFile;
    process.kill(status.pid, 0);
    return status;
  } catch {
    return undefined;
  }
}
