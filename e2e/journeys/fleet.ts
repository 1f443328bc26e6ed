import type { ExecResult, Running } from '#world/world.ts';

/** What a command of the CLI printed, and how it ended. */
export interface CliAnswer extends ExecResult {
  /** Every JSON line it printed with --json. */
  readonly lines: readonly unknown[];
}

/** One owner's `overseer`, wherever it runs. */
export interface OwnerCli {
  /** Runs `overseer …` as the owner. */
  cli(
    args: readonly string[],
    options?: { input?: string; timeoutMs?: number; env?: Record<string, string> },
  ): Promise<CliAnswer>;
  /** Runs `overseer … --json`, expects exit 0 and gives the last JSON line. */
  ask<T>(args: readonly string[], timeoutMs?: number): Promise<T>;
}

/** Core, CLI and agent as real processes of the built product, in the lab or on the machine at hand. */
export interface Fleet extends OwnerCli {
  /** Where devices and nodes reach the core. */
  readonly core: () => Running;
  readonly node: () => Running;
  readonly coreHost: string;
  readonly coreHttpPort: number;
  readonly coreLinkPort: number;
  readonly coreFolder: string;
  /** Where the recovery words go: memory, not a disk. */
  readonly recoveryFile: string;
  startCore(): Promise<Running>;
  startNode(): Promise<Running>;
  /** Runs `overseer node …` as the node's own user. */
  onNode(args: readonly string[]): Promise<ExecResult>;
  /** Starts an `overseer …` of the owner that goes on. */
  spawnOwner(args: readonly string[], name: string): Promise<Running>;
  /** Writes a file into the owner's memory, never onto a disk, and gives its path. */
  memoryFile(name: string, content: string): Promise<string>;
}

/** `cli` and `ask` over whatever runs the program. */
export function createOwnerCli(
  run: (
    args: readonly string[],
    options: { input?: string; timeoutMs: number; env?: Record<string, string> },
  ) => Promise<ExecResult>,
): OwnerCli {
  const cli: OwnerCli['cli'] = async (args, options = {}) => {
    const answer = await run(args, { ...options, timeoutMs: options.timeoutMs ?? 120_000 });
    return { ...answer, lines: jsonLines(answer.stdout) };
  };
  return {
    cli,
    async ask<T>(args: readonly string[], timeoutMs = 120_000) {
      const answer = await cli([...args, '--json'], { timeoutMs });
      if (answer.code !== 0)
        throw new Error(`overseer ${args.join(' ')} ended with ${answer.code}\n${answer.stdout}\n${answer.stderr}`);
      return answer.lines.at(-1) as T;
    },
  };
}

/**
 * init, claim, join: a fleet with one online node. Gives the time from join to the first heartbeat, in milliseconds, and
 * the fingerprint of the core's key.
 */
export async function bringUpFleet(
  fleet: Fleet,
  note: (what: string) => void = () => undefined,
  names: { fleet: string; node: string } = { fleet: 'lab', node: 'n1' },
): Promise<{ joinToOnlineMs: number; fleet: string; spki: string }> {
  await fleet.memoryFile('passphrase', 'correct horse battery staple\n');
  const { coreHost, coreHttpPort, coreLinkPort } = fleet;
  const address = `${coreHost}:${coreHttpPort}:${coreLinkPort}`;
  const init = await fleet.ask<{ setupCode: string; spki: string }>([
    'core',
    'init',
    '--data',
    fleet.coreFolder,
    '--address',
    address,
  ]);
  note('core init: keys, store, setup code');
  const core = await fleet.startCore();
  note(`core start: ${await logShows(core, /ready in \d+ ms/)}`);
  const code = await fleet.memoryFile('setup-code', init.setupCode);
  const at = [
    '--core',
    `https://${coreHost}:${coreHttpPort}`,
    '--link-port',
    String(coreLinkPort),
    '--code-file',
    code,
  ];
  const about = ['--fleet-name', names.fleet, '--recovery-file', fleet.recoveryFile];
  const claimed = await fleet.ask<{ fleet: string }>(['device', 'claim', ...at, ...about]);
  note('device claim: keys, genesis, recovery words');
  const joinToOnlineMs = await joinNode(fleet, names.node);
  note(`node join and start: first heartbeat after ${joinToOnlineMs} ms`);
  return { joinToOnlineMs, fleet: claimed.fleet, spki: init.spki };
}

/** Makes a token, joins the node with it and starts the agent; resolves when the CLI has greeted the node. */
export async function joinNode(fleet: Fleet, name: string): Promise<number> {
  const waiting = await fleet.spawnOwner(['nodes', 'token', '--name', name, '--json'], 'token');
  const token = await logShows(waiting, /ov1_[A-Za-z0-9_-]+/);
  const joined = await fleet.onNode(['node', 'join', token]);
  if (joined.code !== 0) throw new Error(`node join ended with ${joined.code}\n${joined.stdout}\n${joined.stderr}`);
  const from = performance.now();
  await fleet.startNode();
  const end = await waiting.exited;
  if (end.code !== 0) throw new Error(`nodes token ended with ${end.code}\n${waiting.log()}`);
  return Math.round(performance.now() - from);
}

/** Waits until a running program's log shows a pattern, and gives the match. */
export async function logShows(program: Running, pattern: RegExp, timeoutMs = 30_000): Promise<string> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = pattern.exec(program.log());
    if (found) return found[0];
    if (!program.isRunning()) throw new Error(`it ended before ${pattern} was seen:\n${program.log()}`);
    if (performance.now() > end) throw new Error(`${pattern} was not seen in ${timeoutMs} ms:\n${program.log()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Asks `look` until it answers, for states that only the outside shows. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, timeoutMs = 30_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`${what}: not seen in ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function jsonLines(text: string): unknown[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line.startsWith('{') || line.startsWith('[') ? [JSON.parse(line) as unknown] : [];
    } catch {
      return [];
    }
  });
}

/** A program that must have been started before it is asked for. */
export function started(program: Running | undefined, name: string): Running {
  if (!program) throw new Error(`the ${name} was not started`);
  return program;
}
