import { spawn } from 'node:child_process';
import { basename } from 'node:path';

/** How one run of Compose ended. `code` is null when it was killed (time, size or the caller). */
export interface ComposeRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTimedOut: boolean;
}

/** What a run may take and see. */
export interface ComposeRunOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing of ours is inherited but PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs: number;
  /** A command that runs Compose inside walls, for instance `unshare -n --`. */
  readonly wrapper?: readonly string[];
  readonly signal?: AbortSignal;
}

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** The words that start Compose: the plugin binary alone, or the Docker CLI with its sub-command. */
export function composeCommand(bin: string): string[] {
  return basename(bin) === 'docker' ? [bin, 'compose'] : [bin];
}

/** Runs Compose and collects what it says. It is killed, with its process group, when time or output run over. */
export function runCompose(bin: string, options: ComposeRunOptions): Promise<ComposeRun> {
  const [program = bin, ...args] = [...(options.wrapper ?? []), ...composeCommand(bin), ...options.args];
  return new Promise((resolve, reject) => {
    const path = process.env.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { PATH: path, ...options.env },
      stdio: 'pipe',
      detached: true,
    });
    const out: Buffer[] = [];
    const problems: Buffer[] = [];
    let size = 0;
    let isTimedOut = false;
    const kill = () => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => {
      isTimedOut = true;
      kill();
    }, options.timeoutMs);
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT_BYTES) kill();
      else into.push(chunk);
    };
    child.stdout.on('data', collect(out));
    child.stderr.on('data', collect(problems));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    options.signal?.addEventListener('abort', kill, { once: true });
    const finish = () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', kill);
    };
    child.on('error', (cause) => {
      finish();
      reject(cause);
    });
    child.on('close', (code) => {
      finish();
      const text = (parts: Buffer[]) => Buffer.concat(parts).toString('utf8');
      resolve({ code, stdout: text(out), stderr: text(problems), isTimedOut });
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}

/** The reason Compose gave for a failure: its last JSON message, else its last line. Both majors' shapes are read. */
export function composeMessage(stderr: string): string {
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  for (const line of lines.toReversed()) {
    const parsed = parseLine(line);
    if (parsed?.error === true && parsed.message) return parsed.message;
    if (parsed?.status === 'Error') return `${parsed.id ?? ''} ${parsed.details ?? parsed.text ?? ''}`.trim();
  }
  return lines.at(-1) ?? 'no message';
}

interface ProgressLine {
  error?: boolean;
  message?: string;
  id?: string;
  status?: string;
  text?: string;
  details?: string;
}

function parseLine(line: string): ProgressLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as ProgressLine;
  } catch {
    return undefined;
  }
}
