import { readdirSync, readFileSync } from 'node:fs';

/** How often all processes are looked at: what a program is started with stands there until it ends. */
const LOOK_EVERY_MS = 40;
/** The cgroup of a process that an engine runs in a container. */
const IN_CONTAINER = /[0-9a-f]{64}/;

export interface SeenProcesses {
  /** Every command line that was seen. */
  readonly argumentTexts: readonly string[];
  /** Every environment outside of containers: an app's own is its place to be (P7). */
  readonly environmentTexts: readonly string[];
}

/** Writes down the command line and the environment of every process of this machine, from now on. */
export function watchProcesses(): { end(): SeenProcesses } {
  const lines = new Set<string>();
  const environments = new Set<string>();
  /** The command line that a process had when its environment was read: a program that execs another has another one. */
  const known = new Map<string, string>();
  const look = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const line = readIfThere(`/proc/${pid}/cmdline`);
      if (line === '' || known.get(pid) === line) continue;
      known.set(pid, line);
      lines.add(line);
      if (!IN_CONTAINER.test(readIfThere(`/proc/${pid}/cgroup`))) environments.add(readIfThere(`/proc/${pid}/environ`));
    }
  };
  look();
  // A watch that nobody ends, because what it watched broke, must not keep the run alive.
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    end() {
      look();
      clearInterval(timer);
      return { argumentTexts: [...lines], environmentTexts: [...environments] };
    },
  };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
