import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExecResult, lab, type Running, type World } from '#world/world.ts';

/** The product as users get it: one folder that runs with Node alone. */
export const productFolder = fileURLToPath(new URL('../../dist/overseer', import.meta.url));

const HTTP_PORT = 7443;
const LINK_PORT = 7444;
const NODE_PROGRAM = ['node', '/opt/overseer/overseer.mjs'];

/** What a command of the CLI printed, and how it ended. */
export interface CliAnswer extends ExecResult {
  /** Every JSON line it printed with --json. */
  readonly lines: readonly unknown[];
}

/** Core and CLI in the hub, the agent on the node: all real processes of the built product. */
export interface LabFleet {
  readonly world: World;
  readonly coreUrl: string;
  /** Runs `overseer …` as the owner at the hub. */
  cli(
    args: readonly string[],
    options?: { input?: string; timeoutMs?: number; env?: Record<string, string> },
  ): Promise<CliAnswer>;
  /** Runs `overseer … --json`, expects exit 0 and gives the last JSON line. */
  ask<T>(args: readonly string[], timeoutMs?: number): Promise<T>;
  startCore(): Promise<Running>;
  startNode(): Promise<Running>;
  core(): Running;
  node(): Running;
  /** Writes a file into the hub's memory, never onto a disk of the lab, and gives its path. */
  memoryFile(name: string, content: string): Promise<string>;
}

const program = [process.execPath, join(productFolder, 'overseer.mjs')];

/** Where the owner's secrets lie: memory of the hub, not a disk. */
const memory = '/run/owner';

/** `overseer …` as the owner runs it in the hub, for commands that go on. */
export function ownerCommand(
  fleet: Pick<LabFleet, 'world'>,
  args: readonly string[],
): { argv: string[]; env: Record<string, string> } {
  return { argv: [...program, ...args], env: ownerEnvironment(fleet.world) };
}

function ownerEnvironment(world: World): Record<string, string> {
  return { OVERSEER_HOME: join(world.hubFolder, 'home', 'overseer'), OVERSEER_PASSPHRASE_FILE: `${memory}/passphrase` };
}

/** Makes the handles; starts nothing. */
export function createLabFleet(world: World): LabFleet {
  let core: Running | undefined;
  let node: Running | undefined;
  const ownerEnv = ownerEnvironment(world);

  const cli: LabFleet['cli'] = async (args, options = {}) => {
    const answer = await world.exec('hub', [...program, ...args], {
      ...(options.input === undefined ? {} : { input: options.input }),
      timeoutMs: options.timeoutMs ?? 120_000,
      env: { ...ownerEnv, ...options.env },
    });
    return { ...answer, lines: jsonLines(answer.stdout) };
  };

  return {
    world,
    coreUrl: `https://${lab.hub.ipv4}:${HTTP_PORT}`,
    cli,
    async ask<T>(args: readonly string[], timeoutMs = 120_000) {
      const answer = await cli([...args, '--json'], { timeoutMs });
      if (answer.code !== 0)
        throw new Error(`overseer ${args.join(' ')} ended with ${answer.code}\n${answer.stdout}\n${answer.stderr}`);
      return answer.lines.at(-1) as T;
    },
    async startCore() {
      const data = join(world.hubFolder, 'core');
      // The core's machine trusts the lab's ACME root, as a real one trusts the public ones.
      const roots = join(world.hubFolder, 'acme-root.pem');
      writeFileSync(roots, await world.pebbleRoot());
      core = await world.spawn('hub', [...program, 'core', 'start', '--data', data, '--host', lab.hub.ipv4], {
        name: 'core',
        env: { NODE_EXTRA_CA_CERTS: roots },
      });
      await logShows(core, /ready in \d+ ms/);
      return core;
    },
    async startNode() {
      node = await world.spawn('n1', [...NODE_PROGRAM, 'node', 'start'], { name: 'node' });
      return node;
    },
    core: () => started(core, 'core'),
    node: () => started(node, 'node'),
    async memoryFile(name, content) {
      const made = await world.exec('hub', ['sh', '-c', `umask 077; mkdir -p ${memory}; cat > ${memory}/${name}`], {
        input: content,
      });
      if (made.code !== 0) throw new Error(made.stderr);
      return `${memory}/${name}`;
    },
  };
}

/** init, claim, join: a fleet with one online node. Gives the time from join to the first heartbeat, in milliseconds. */
export async function bringUpFleet(
  fleet: LabFleet,
  note: (what: string) => void = () => undefined,
): Promise<{ joinToOnlineMs: number }> {
  const { world } = fleet;
  await fleet.memoryFile('passphrase', 'correct horse battery staple\n');
  const data = join(world.hubFolder, 'core');
  mkdirSync(data, { recursive: true });
  const address = `${lab.hub.ipv4}:${HTTP_PORT}:${LINK_PORT}`;
  const init = await fleet.ask<{ setupCode: string }>(['core', 'init', '--data', data, '--address', address]);
  note('core init: keys, store, setup code');
  await fleet.startCore();
  note(`core start: ${/ready in \d+ ms/.exec(fleet.core().log())?.[0] ?? 'ready'}`);
  const code = await fleet.memoryFile('setup-code', init.setupCode);
  await fleet.ask([
    'device',
    'claim',
    '--core',
    fleet.coreUrl,
    '--code-file',
    code,
    '--fleet-name',
    'lab',
    '--recovery-file',
    '/run/owner/recovery',
  ]);
  note('device claim: keys, genesis, recovery words');
  const joinToOnlineMs = await joinNode(fleet, 'n1');
  note(`node join and start: first heartbeat after ${joinToOnlineMs} ms`);
  return { joinToOnlineMs };
}

/** Makes a token, joins the lab's node with it and starts the agent; resolves when the CLI has greeted the node. */
export async function joinNode(fleet: LabFleet, name: string): Promise<number> {
  const { world } = fleet;
  const { argv, env } = ownerCommand(fleet, ['nodes', 'token', '--name', name, '--json']);
  const waiting = await world.spawn('hub', argv, { name: 'token', env });
  const token = await logShows(waiting, /ov1_[A-Za-z0-9_-]+/);
  const joined = await world.exec('n1', [...NODE_PROGRAM, 'node', 'join', token]);
  if (joined.code !== 0) throw new Error(`node join ended with ${joined.code}\n${joined.stdout}\n${joined.stderr}`);
  const from = performance.now();
  await fleet.startNode();
  const end = await waiting.exited;
  if (end.code !== 0) throw new Error(`nodes token ended with ${end.code}\n${waiting.log()}`);
  return Math.round(performance.now() - from);
}

/** Traefik with the lab's ACME server, and the DNS connector with the lab's Cloudflare. */
export async function enableIngressAndDns(fleet: LabFleet): Promise<void> {
  const { world } = fleet;
  const caFile = join(world.hubFolder, 'acme-ca.pem');
  writeFileSync(caFile, world.acme.caPem);
  const acme = ['--email', 'owner@lab.example', '--ca-server', world.acme.directory, '--ca-file', caFile];
  await fleet.ask(
    ['ingress', 'enable', '--node', 'n1', ...acme, '--public-address', world.node.ipv4, '--yes'],
    180_000,
  );
  const token = await fleet.memoryFile('cloudflare-token', world.cloudflare.token);
  await fleet.ask([
    'integrations',
    'cloudflare',
    'set',
    '--node',
    'n1',
    '--token-file',
    token,
    '--base-url',
    world.cloudflare.url,
    '--yes',
  ]);
  await fleet.ask(['integrations', 'cloudflare', 'test']);
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

function started(program: Running | undefined, name: string): Running {
  if (!program) throw new Error(`the ${name} was not started`);
  return program;
}
