import { spawn } from 'node:child_process';

export interface Outcome {
  /** Exit code; a process that died of a signal counts as 1. */
  code: number;
  /** Standard output and standard error, in the order they came. */
  output: string;
}

/** Runs a program to its end and keeps what it said. Never throws for a failing program. */
export function runProgram(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, output: `${command}: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
