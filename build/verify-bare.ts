/**
 * `npm run verify:bare`: proves on a machine that has nothing. Makes a Debian root with only Node and npm, clones the last
 * commit into it and runs demo and tests there with an empty cache. `-- --keep` leaves the root for a look.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bareEnvironment, makeBareRoot } from './bare/bare-root.ts';

interface Step {
  name: string;
  command: string[];
  budgetMinutes: number;
}

const steps: Step[] = [
  { name: 'demo, nothing cached', command: ['npm', 'run', 'demo', '--', '--once'], budgetMinutes: 20 },
  { name: 'tests', command: ['npm', 'test'], budgetMinutes: 120 },
  { name: 'demo, all cached', command: ['npm', 'run', 'demo', '--', '--once'], budgetMinutes: 3 },
];

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
if (process.platform !== 'linux' || process.getuid?.() !== 0) {
  console.error('verify:bare needs Linux and root: it makes a Debian root and enters it.');
  process.exit(2);
}

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'overseer-lab');
const root = join(cache, `bare-${process.pid}`);
const rows: string[] = [];
let failed = false;
let ended = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    finish(`stopped by ${signal}`);
    process.exit(1);
  });
}

try {
  mkdirSync(cache, { recursive: true });
  await timed('bare root', 10, async () => {
    await makeBareRoot(root, (line) => console.log(`  ${line}`));
    return 0;
  });
  for (const step of steps) {
    if (failed) break;
    await timed(step.name, step.budgetMinutes, () => runInside(step.command));
  }
} finally {
  finish(failed ? 'verify:bare failed' : 'verify:bare passed');
}
process.exitCode = failed ? 1 : 0;

async function timed(name: string, budgetMinutes: number, work: () => Promise<number>): Promise<void> {
  console.log(`\n──── ${name} ────`);
  const started = performance.now();
  const code = await work();
  const minutes = (performance.now() - started) / 60_000;
  const late = minutes > budgetMinutes;
  if (code !== 0 || late) failed = true;
  const verdict = code !== 0 ? `FAILED (exit ${code})` : late ? 'TOO LATE' : 'ok';
  rows.push(`  ${name.padEnd(22)} ${minutes.toFixed(1).padStart(6)} of ${budgetMinutes} min  ${verdict}`);
}

/** Runs a command in the bare root. Everything it starts ends with it, and with this process. */
function runInside(command: readonly string[]): Promise<number> {
  const alone = ['--pdeathsig', 'KILL', '--', 'unshare', '-m', '-p', '-f', '--kill-child'];
  const child = spawn('setpriv', [...alone, 'bash', 'build/bare/enter.sh', ...command], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, R: root, BARE_ENV: bareEnvironment() },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

function finish(verdict: string): void {
  if (ended) return;
  ended = true;
  if (values.keep) rows.push(`  the root is in ${root}`);
  else rmSync(root, { recursive: true, force: true });
  console.log(`\n${rows.join('\n')}\n${verdict}`);
}
