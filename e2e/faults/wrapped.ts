import { faultCommand } from '#world/cache/parts/fault-tools.ts';
import { shiftedClock } from '#world/shifted-clock.ts';

/** What stands between the lab and a program: a tracer that breaks its system calls, or nothing. */
export interface Wrap {
  readonly argv: readonly string[];
  /** Processes it puts above the program. */
  readonly depth: number;
}

export const unwrapped: Wrap = { argv: [], depth: 0 };

/** The calls that a power cut and its reader need: what was written, and what was made to last. */
const WATCHED = 'fsync,fdatasync,pwrite64,write,ftruncate,rename,unlink';
const SYNCS = 'fsync,fdatasync';

/** Stopping only at the watched calls is far quicker, but a signal is not injected then (seen with strace 6). */
const QUICK = ['--seccomp-bpf'];

function tracer(log: string, calls: string, more: readonly string[]): Wrap {
  const how = ['-f', '--kill-on-exit', '-qq', '-y', '-s', '0', '-o', log, '-e', `trace=${calls}`];
  return { argv: [...faultCommand('usr/bin/strace'), ...how, ...more, '--'], depth: 1 };
}

/** The program is killed as it enters its sync number `when`, before anything of it is done. */
export const killedAtSync = (log: string, when: number): Wrap =>
  tracer(log, WATCHED, ['-e', `inject=${SYNCS}:signal=KILL:when=${when}`]);

/** Sync number `when` fails; those after it work again, which is what tempts a program to go on. */
export const failingSync = (log: string, when: number): Wrap =>
  tracer(log, WATCHED, [...QUICK, '-e', `inject=${SYNCS}:error=EIO:when=${when}`]);

/** Every read of these files from number `from` on fails. */
export const failingRead = (log: string, from: number, files: readonly string[]): Wrap =>
  tracer(log, 'pread64', [
    ...QUICK,
    ...files.flatMap((file) => ['-P', file]),
    '-e',
    `inject=pread64:error=EIO:when=${from}+`,
  ]);

/** A program whose clock stands elsewhere; see `shiftedClock`. Timers stay real. */
export const shifted = (clock: string): Wrap => ({ argv: shiftedClock(clock), depth: 0 });
