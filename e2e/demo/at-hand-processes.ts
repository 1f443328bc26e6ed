import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ExecResult, Exit, Running } from '#world/world.ts';

/** How one program is run: `env` is all it sees of an environment. */
export interface Start {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** Programs that this demo started, each in a group of its own, so that all of them can be ended. */
export interface Processes {
  /** Runs a program to its end; rejects when it can not be started. */
  exec(argv: readonly string[], options: Start & { input?: string; timeoutMs: number }): Promise<ExecResult>;
  /** Starts a program that goes on; what it prints goes to `logFile`. */
  spawn(argv: readonly string[], options: Start & { logFile: string }): Running;
  /** Ends what still runs: those who wait for others first, then the rest in the order of their start, reversed. */
  endAll(): Promise<void>;
}

const PATIENCE_MS = 20_000;

/** Starts nothing yet. */
export function createProcesses(): Processes {
  const brief = new Set<ChildProcess>();
  const lasting: ChildProcess[] = [];
  return {
    exec: (argv, options) =>
      new Promise((resolve, reject) => {
        const started = performance.now();
        const [program = '', ...args] = argv;
        const child = spawn(program, args, { env: { ...options.env }, cwd: options.cwd, detached: true });
        brief.add(child);
        const out: Buffer[] = [];
        const err: Buffer[] = [];
        child.stdout.on('data', (part: Buffer) => out.push(part));
        child.stderr.on('data', (part: Buffer) => err.push(part));
        child.stdin.on('error', () => undefined);
        child.stdin.end(options.input);
        const timer = setTimeout(() => killGroup(child, 'SIGKILL'), options.timeoutMs);
        const finish = () => {
          clearTimeout(timer);
          brief.delete(child);
        };
        child.once('error', (cause) => {
          finish();
          reject(cause);
        });
        child.once('close', (code, signal) => {
          finish();
          const tookMs = Math.round(performance.now() - started);
          resolve({ code, signal, stdout: String(Buffer.concat(out)), stderr: String(Buffer.concat(err)), tookMs });
        });
      }),
    spawn: (argv, options) => {
      mkdirSync(dirname(options.logFile), { recursive: true });
      const log = openSync(options.logFile, 'a', 0o600);
      const [program = '', ...args] = argv;
      const stdio = ['ignore', log, log] as const;
      const child = spawn(program, args, {
        stdio: [...stdio],
        env: { ...options.env },
        cwd: options.cwd,
        detached: true,
      });
      closeSync(log);
      lasting.push(child);
      return runningOf(child, options.logFile);
    },
    endAll: async () => {
      for (const child of brief) await end(child);
      for (const child of lasting.toReversed()) await end(child);
    },
  };
}

function runningOf(child: ChildProcess, logFile: string): Running {
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid ?? 0,
    logFile,
    log: () => readFileSync(logFile, 'utf8'),
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    exited,
    isRunning: () => isRunning(child),
  };
}

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  killGroup(child, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), PATIENCE_MS);
  await gone;
  clearTimeout(timer);
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!isRunning(child) || child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has just ended by itself.
  }
}
