import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureParts } from '#world/cache/part.ts';
import { faultTools } from '#world/cache/parts/fault-tools.ts';
import { toolCommand, tools } from '#world/cache/parts/tools.ts';
import {
  childrenOf,
  type ExecOptions,
  type ExecResult,
  execIn,
  poll,
  type Running,
  spawnIn,
} from '#world/processes.ts';
import { unwrapped, type Wrap } from './wrapped.ts';

/**
 * A place for processes without an engine: mounts, network (loopback only) and process ids of its own, and one folder.
 * It ends with this process, however that ends, and nothing of it stays on the machine.
 */
export interface Bubble {
  readonly folder: string;
  exec(argv: readonly string[], options?: ExecOptions & { wrap?: Wrap }): Promise<ExecResult>;
  spawn(
    argv: readonly string[],
    options: { env?: Record<string, string>; name: string; wrap?: Wrap },
  ): Promise<Running>;
  /** Runs a line of shell as root of this place. Throws when it fails. */
  shell(script: string, ...args: string[]): Promise<string>;
  end(): Promise<void>;
}

/** Starts one. Needs root on Linux. */
export async function startBubble(): Promise<Bubble> {
  await ensureParts([tools, faultTools], (line) => console.error(line));
  const folder = mkdtempSync(join(tmpdir(), 'overseer-faults-'));
  const tree = ['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', '-m', '-n', '-p', '-f', '--kill-child'];
  const first = 'mount --make-rprivate /; $IP link set lo up; echo up; while :; do sleep 1000; done';
  const env = { PATH: process.env.PATH, IP: toolCommand('usr/bin/ip').join(' ') };
  const init = await spawnIn(tree, ['--mount-proc', '--', 'sh', '-c', first], join(folder, 'init.log'), {
    depth: 1,
    env,
  });
  const up = await poll(() => (init.isRunning() ? init.log().includes('up') || undefined : false));
  if (!up) throw new Error(`no place of its own for the processes (root on Linux is needed):\n${init.log()}`);
  let spawned = 0;
  const enter = (options: { env?: Record<string, string> | undefined; cwd?: string | undefined }): string[] => {
    const plain = [`PATH=${process.env.PATH}`, `HOME=${folder}`, `TMPDIR=${folder}`, 'LANG=C.UTF-8'];
    const own = Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`);
    const place = ['nsenter', '-t', String(init.pid), '-m', '-n', '-p', '--'];
    return [...place, '/usr/bin/env', '-i', '-C', options.cwd ?? folder, ...plain, ...own];
  };
  const exec: Bubble['exec'] = (argv, options = {}) =>
    execIn([...enter(options), ...(options.wrap ?? unwrapped).argv], argv, options);
  return {
    folder,
    exec,
    async spawn(argv, { env, name, wrap = unwrapped }) {
      // A file of its own for each start: what an earlier run printed is not read as this one's.
      const log = join(folder, 'logs', `${name}-${++spawned}.log`);
      const begun = await spawnIn([...enter({ env }), ...wrap.argv], argv, log, { depth: 1 });
      return wrap.depth === 0 ? begun : belowTracer(begun, argv[0] ?? '');
    },
    async shell(script, ...args) {
      const done = await exec(['sh', '-c', script, 'sh', ...args]);
      if (done.code !== 0) throw new Error(`${script}: ${done.stderr}${done.stdout}`);
      return done.stdout;
    },
    async end() {
      init.kill('SIGKILL');
      await init.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A tracer tries itself out on children of its own before it starts the program: signals must go to the right one. */
export async function belowTracer(tracer: Running, program: string): Promise<Running> {
  const isProgram = (pid: number): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] === program;
    } catch {
      return false;
    }
  };
  const found = await poll(() => (tracer.isRunning() ? childrenOf(tracer.pid).find(isProgram) : 0));
  const pid = found || tracer.pid;
  return {
    pid,
    logFile: tracer.logFile,
    log: tracer.log,
    get exited() {
      return tracer.exited;
    },
    isRunning: tracer.isRunning,
    kill(signal = 'SIGTERM') {
      if (!tracer.isRunning()) return;
      // Not even told as an error: a program that its tracer has just killed is gone as wished.
      try {
        process.kill(pid, signal);
      } catch {
        // It has just ended.
      }
    },
  };
}
