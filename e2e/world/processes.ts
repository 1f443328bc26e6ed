import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type ExecOptions = {
  env?: Record<string, string>;
  input?: string | Uint8Array;
  /** Killed with SIGKILL after this time. Default 120 s. */
  timeoutMs?: number;
  /** Folder to run in, as seen from there. */
  cwd?: string;
};

export type ExecResult = {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  tookMs: number;
};

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** A program that was started and goes on running. */
export type Running = {
  /** Its process id as this machine sees it. */
  pid: number;
  /** Holds its standard output and error. */
  logFile: string;
  /** What this run has printed; the file may hold earlier runs before it. */
  log: () => string;
  kill: (signal?: NodeJS.Signals) => void;
  readonly exited: Promise<Exit>;
  isRunning: () => boolean;
};

const defaultTimeoutMs = 120_000;

/** Fields of /proc/PID/stat after the command's name; the name may hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** When a process started, in ticks since boot; tells a process from a later one with the same id. */
export const startTimeOf = (pid: number): string | undefined => statFields(pid)?.[19];

/** Whether exactly this process still runs. */
export function isAlive(pid: number, startTime: string): boolean {
  const fields = statFields(pid);
  return fields?.[19] === startTime && fields[0] !== 'Z';
}

/** The processes whose parent is `pid`. */
export function childrenOf(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  if (existsSync(list)) return readFileSync(list, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return readdirSync('/proc')
    .filter((f) => /^\d+$/.test(f))
    .map(Number)
    .filter((p) => statFields(p)?.[1] === String(pid));
}

/** The first grandchild at `depth` below `pid`, as soon as there is one; undefined when the process ends before. */
export async function descendant(pid: number, depth: number): Promise<number | undefined> {
  let at = pid;
  for (let level = 0; level < depth; level++) {
    const next = await poll(() => childrenOf(at)[0] ?? (startTimeOf(pid) ? undefined : 0));
    if (!next) return undefined;
    at = next;
  }
  return at;
}

/** Asks `look` until it answers something, every 10 ms; the lab waits only for processes it has started itself. */
export async function poll<T>(
  look: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 20_000,
): Promise<T | undefined> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) return undefined;
    await new Promise((r) => setTimeout(r, 10));
  }
}

/** Runs a program to its end. Never rejects because of what the program did. */
export function execIn(enter: readonly string[], argv: readonly string[], options: ExecOptions): Promise<ExecResult> {
  const started = performance.now();
  const [program = '', ...args] = [...enter, ...argv];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (b: Buffer) => out.push(b));
    child.stderr.on('data', (b: Buffer) => err.push(b));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
    const timer = setTimeout(() => killBelow(child, 'SIGKILL'), options.timeoutMs ?? defaultTimeoutMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const tookMs = Math.round(performance.now() - started);
      resolve({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), tookMs });
    });
  });
}

/** The program itself, not the nsenter that waits for it: signals are not passed on by it. */
function killBelow(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
  const below = childrenOf(child.pid);
  for (const pid of below.length > 0 ? below : [child.pid]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended by itself.
    }
  }
}

const LAST_LINES = 15;

/** What a program said before it ended by itself: without it a test that needed it only tells that nobody answered. */
function reportEnd(argv: readonly string[], how: number | string | null, printed: string): void {
  const last = printed.trimEnd().split('\n').slice(-LAST_LINES).join('\n  ');
  console.error(`${argv.join(' ')}\nended by itself (${how}); it said:\n  ${last}`);
}

/** Starts a program that goes on running; `depth` says how many processes the way in adds above it. */
export async function spawnIn(
  enter: readonly string[],
  argv: readonly string[],
  logFile: string,
  options: { env?: NodeJS.ProcessEnv; depth: number },
): Promise<Running> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const from = fstatSync(log).size;
  const [program = '', ...args] = [...enter, ...argv];
  const child = spawn(program, args, {
    stdio: ['ignore', log, log],
    detached: true,
    ...(options.env ? { env: options.env } : {}),
  });
  closeSync(log);
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  // The handle must not keep a test run alive that forgot to stop its world.
  child.unref();
  const outer = child.pid ?? 0;
  const pid = (await descendant(outer, options.depth)) ?? outer;
  const printed = () => readFileSync(logFile).subarray(from).toString();
  let signalled = false;
  void exited.then(({ code, signal }) => {
    // A world that is stopped kills what it holds, and takes the log with it.
    const killed = signal === 'SIGKILL' || signal === 'SIGTERM';
    if (!signalled && !killed && code !== 0 && existsSync(logFile)) reportEnd(argv, code ?? signal, printed());
  });
  return {
    pid,
    logFile,
    log: printed,
    kill: (signal = 'SIGTERM') => {
      signalled = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      try {
        process.kill(pid, signal);
      } catch {
        // It has just ended by itself.
      }
    },
    get exited() {
      // Whoever waits for its end keeps this process alive until then.
      child.ref();
      return exited;
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
  };
}
