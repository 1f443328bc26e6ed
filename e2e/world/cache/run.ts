import { spawn } from 'node:child_process';
import { LabError } from './lab-error.ts';

export type RunOptions = {
  /** Named in the error. */
  part: string;
  cwd?: string;
  /** The whole environment of the child; default: this process's. */
  env?: NodeJS.ProcessEnv;
  input?: string | Uint8Array;
  timeoutMs?: number;
  next?: string;
};

/** Runs a program to its end and returns its standard output. Throws a LabError with the last lines when it fails. */
export function run(argv: readonly string[], options: RunOptions): Promise<string> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (b: Buffer) => out.push(b));
    child.stderr?.on('data', (b: Buffer) => err.push(b));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
    child.once('error', (e) =>
      reject(new LabError(options.part, `cannot start ${program}: ${e.message}`, nextOf(options))),
    );
    child.once('close', (code, signal) => {
      const stdout = Buffer.concat(out).toString();
      if (code === 0) return resolve(stdout);
      const tail = `${stdout}\n${Buffer.concat(err)}`.trim().split('\n').slice(-15).join('\n    ');
      reject(
        new LabError(
          options.part,
          `${argv.slice(0, 4).join(' ')} … ended with ${code ?? signal}:\n    ${tail}`,
          nextOf(options),
        ),
      );
    });
  });
}

const nextOf = (o: RunOptions): string =>
  o.next ?? 'read the lines above; a refused download counts as a part that cannot be had here';
