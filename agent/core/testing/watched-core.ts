import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '#shared/kernel/index.ts';
import { parseSetupCode } from '#shared/trust/index.ts';
import { type CoreFolder, readCoreFolder } from '../core-folder.ts';
import { initCore } from '../init.ts';
import type { SPOILS } from './spoilt-core.ts';
import type { LongTurn } from './turn-probe.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'main.ts');
const PROBE = join(import.meta.dirname, 'turn-probe.ts');
const SPOILER = join(import.meta.dirname, 'spoilt-core.ts');

/** What nobody may bring a core to, whatever he sends. */
const MOST_TURN_MS = 100;
const MOST_GROWTH_MB = 64;

/** A core in a process of its own, looked at from outside. */
export interface WatchedCore {
  readonly folder: CoreFolder;
  readonly running: { readonly httpPort: number; readonly linkPort: number };
  readonly setupSecret: string;
  /** From here on counts what it does: starting and its first answers are done. */
  watch(): void;
  /** What it did since `watch` that it must not: end, stand still for 100 ms, take 64 MB more, fail inside. */
  problems(): string[];
  /** The most that was seen since `watch`. */
  figures(): { readonly turnMs: number; readonly grownMb: number };
  dispose(): Promise<void>;
}

/** Starts a core with the probe inside of it; a spoilt one does on purpose what must be noticed. */
export async function startWatchedCore(spoil?: (typeof SPOILS)[number]): Promise<WatchedCore> {
  const path = await mkdtemp(join(tmpdir(), 'ov-core-watched-'));
  const addresses = [{ host: '127.0.0.1', httpPort: 7443, linkPort: 7444 }];
  const made = unwrap(await initCore({ folder: path, addresses, newSetupCode: false }));
  const imports = [PROBE, ...(spoil === undefined ? [] : [SPOILER])].flatMap((file) => ['--import', file]);
  const ports = ['--host', '127.0.0.1', '--http-port', '0', '--link-port', '0'];
  const child = spawn(process.execPath, [...imports, PROGRAM, 'core', 'start', '--data', path, ...ports], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...(spoil === undefined ? {} : { OVERSEER_SPOIL: spoil }) },
  });
  let log = '';
  let from = 0;
  let ended: string | undefined;
  let turns: LongTurn[] = [];
  let baseKb = 0;
  child.on('message', (turn) => turns.push(turn as LongTurn));
  child.once('exit', (code, signal) => {
    ended = `the core ended with ${code ?? signal}`;
  });
  const running = await new Promise<WatchedCore['running']>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        const told = /"httpPort":(\d+),"linkPort":(\d+)/.exec(log);
        if (told !== null) resolve({ httpPort: Number(told[1]), linkPort: Number(told[2]) });
      });
    child.once('exit', () => reject(new Error(log)));
  });
  const figures = () => ({
    turnMs: Math.max(0, ...turns.map(({ cpuMs }) => cpuMs)),
    grownMb: ended === undefined ? Math.max(0, Math.round((memoryKb(child.pid, 'VmHWM') - baseKb) / 1_024)) : 0,
  });
  return {
    folder: unwrap(await readCoreFolder(path)) as CoreFolder,
    running,
    setupSecret: unwrap(parseSetupCode(made.setupCode ?? '')).secret,
    watch() {
      turns = [];
      from = log.length;
      baseKb = memoryKb(child.pid, 'VmRSS');
      // The kernel's highest mark begins anew.
      writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
    },
    figures,
    problems() {
      const { grownMb } = figures();
      const since = log.slice(from);
      const inside = since.split('\n').filter((line) => line.includes('"level":"error"'));
      return [
        ...(ended === undefined ? [] : [`${ended}: ${since.slice(-2_000)}`]),
        ...turns
          .filter(({ cpuMs }) => cpuMs > MOST_TURN_MS)
          .map(({ cpuMs, request }) => `stood still for ${cpuMs} ms at ${request}`),
        ...(grownMb > MOST_GROWTH_MB ? [`took ${grownMb} MB more`] : []),
        ...inside.map((line) => `failed inside: ${line.slice(0, 1_000)}`),
      ];
    },
    async dispose() {
      child.kill('SIGKILL');
      await rm(path, { recursive: true });
    },
  };
}

function memoryKb(pid: number | undefined, what: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
