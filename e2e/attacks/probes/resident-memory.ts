import { readFileSync } from 'node:fs';

/** Resident memory of a process in MB; `unshare` has become the program it started. */
export function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1_024;
}
