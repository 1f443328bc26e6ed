import { spawnSync } from 'node:child_process';

/** The words put before Compose so that reading a file can reach no network and no endless memory. */
export interface Walls {
  /** Ends Compose with the agent, so that after a kill -9 no orphan works beside the next try. */
  readonly leash: readonly string[];
  readonly wrapper: readonly string[];
  /** False where the kernel or missing rights do not let us cut the network off. */
  readonly hasNoNetwork: boolean;
}

const MEMORY_BYTES = 4 * 1024 * 1024 * 1024;

/** Finds which walls this machine offers: a network namespace of its own and an address-space limit. */
export function findWalls(): Walls {
  const wrapper: string[] = [];
  const limit = ['prlimit', `--as=${MEMORY_BYTES}`, '--nproc=4096', '--'];
  if (works([...limit, 'true'])) wrapper.push(...limit);
  const ends = ['setpriv', '--pdeathsig', 'KILL', '--'];
  const leash = works([...ends, 'true']) ? ends : [];
  const cut = [
    ['unshare', '-n', '--'],
    ['unshare', '-r', '-n', '--'],
  ].find((words) => works([...words, 'true']));
  return { leash, wrapper: [...wrapper, ...(cut ?? [])], hasNoNetwork: cut !== undefined };
}

function works([program = '', ...args]: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 5_000 }).status === 0;
}
