import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecResult, Running } from '#world/world.ts';
import {
  bringUpFleet,
  type CliAnswer,
  createOwnerCli,
  eventually,
  type Fleet,
  logShows,
  started,
} from '../journeys/fleet.ts';
import { type Bubble, startBubble } from './bubble.ts';
import { unwrapped, type Wrap } from './wrapped.ts';

/** Core, CLI and agent of a built product, without an engine: what is accepted stays accepted, and waits. */
export interface BareFleet extends Fleet {
  readonly bubble: Bubble;
  readonly nodeFolder: string;
  readonly homeFolder: string;
  /** Starts the core inside a tracer; resolves when it is ready or has ended. */
  startCoreIn(wrap: Wrap, env?: Record<string, string>): Promise<Running>;
  startNodeIn(wrap: Wrap, env?: Record<string, string>): Promise<Running>;
  /** One command of the owner inside a tracer. */
  ownerIn(wrap: Wrap, args: readonly string[], env?: Record<string, string>): Promise<CliAnswer>;
  /** A command of a node whose data lies in the folder of this name. */
  nodeIn(wrap: Wrap, name: string, args: readonly string[]): Promise<ExecResult>;
  /** Starts the agent of such a node. */
  spawnNode(name: string): Promise<Running>;
  /** The status of /readyz; 0 when nobody answers. The key is not what is asked here. */
  readyz(): Promise<number>;
  /** Waits until the agent has met the core, and lets a device vouch for it: it takes no change before. */
  vouch(): Promise<void>;
  /** Ends core and agent in order, so that the folders are whole and still. */
  rest(): Promise<void>;
  /** Keeps the three data folders as they are; the programs must be at rest. */
  keep(name: string): void;
  /** Puts them back as they were kept. */
  restore(name: string): void;
  /** From the next start on all run this build. */
  runs(product: string): void;
  end(): Promise<void>;
}

const HOST = '127.0.0.1';
const KEPT = ['core', 'home', 'node'] as const;

/** Makes the handles over `product`, a bundle of the program; starts nothing but the place. */
async function createBareFleet(product: string): Promise<BareFleet> {
  const bubble = await startBubble();
  const { folder } = bubble;
  let overseer: string[] = [];
  let builds = 0;
  const runs = (bundle: string): void => {
    const program = join(folder, `product-${++builds}`);
    cpSync(bundle, program, { recursive: true });
    overseer = [process.execPath, join(program, 'overseer.mjs')];
  };
  runs(product);
  for (const name of [...KEPT, 'owner', 'run']) mkdirSync(join(folder, name), { mode: 0o700 });
  const ownerEnv = {
    OVERSEER_HOME: join(folder, 'home'),
    OVERSEER_PASSPHRASE_FILE: join(folder, 'owner', 'passphrase'),
  };
  const nodeEnvOf = (name: string) => ({
    OVERSEER_NODE_DATA: join(folder, name),
    OVERSEER_NODE_RUN: join(folder, 'run', name),
    DOCKER_HOST: `unix://${folder}/no-engine.sock`,
    OVERSEER_COMPOSE_BIN: join(folder, 'no-compose'),
  });
  const nodeEnv = nodeEnvOf('node');
  let core: Running | undefined;
  let node: Running | undefined;

  const ownerIn: BareFleet['ownerIn'] = async (wrap, args, env = {}) => {
    const cli = createOwnerCli((argv, options) =>
      bubble.exec([...overseer, ...argv], { ...options, wrap, env: { ...ownerEnv, ...env } }),
    );
    return cli.cli(args);
  };
  const startCoreIn: BareFleet['startCoreIn'] = async (wrap, env = {}) => {
    const argv = [...overseer, 'core', 'start', '--data', join(folder, 'core'), '--host', HOST];
    const begun = await bubble.spawn(argv, { name: 'core', wrap, env });
    core = begun;
    // A core that is killed as it starts is what some points are about.
    await logShows(begun, /ready in \d+ ms/).catch((cause: unknown) => {
      if (begun.isRunning()) throw cause;
    });
    return begun;
  };
  const startNodeIn: BareFleet['startNodeIn'] = async (wrap, env = {}) => {
    node = await bubble.spawn([...overseer, 'node', 'start'], { name: 'node', wrap, env: { ...nodeEnv, ...env } });
    return node;
  };
  const owner = createOwnerCli((args, options) =>
    bubble.exec([...overseer, ...args], { ...options, env: { ...ownerEnv, ...options.env } }),
  );
  return {
    ...owner,
    bubble,
    coreHost: HOST,
    coreHttpPort: 7443,
    coreLinkPort: 7444,
    coreFolder: join(folder, 'core'),
    nodeFolder: join(folder, 'node'),
    homeFolder: join(folder, 'home'),
    recoveryFile: join(folder, 'owner', 'recovery'),
    startCoreIn,
    startNodeIn,
    ownerIn,
    async startCore() {
      const begun = await startCoreIn(unwrapped);
      if (!begun.isRunning()) throw new Error(`the core does not start:\n${begun.log()}`);
      return begun;
    },
    startNode: () => startNodeIn(unwrapped),
    nodeIn: (wrap, name, args) => bubble.exec([...overseer, ...args], { env: nodeEnvOf(name), wrap }),
    spawnNode: (name) => bubble.spawn([...overseer, 'node', 'start'], { name, env: nodeEnvOf(name) }),
    onNode: (args) => bubble.exec([...overseer, ...args], { env: nodeEnv }),
    spawnOwner: (args, name) => bubble.spawn([...overseer, ...args], { name, env: ownerEnv }),
    core: () => started(core, 'core'),
    node: () => started(node, 'node'),
    async memoryFile(name, content) {
      const path = join(folder, 'owner', name);
      writeFileSync(path, content, { mode: 0o600 });
      return path;
    },
    async readyz() {
      const script = 'fetch(process.argv[1]).then(({ status }) => console.log(status)).catch(() => console.log(0))';
      const argv = [process.execPath, '--no-warnings', '-e', script, `https://${HOST}:7443/readyz`];
      return Number((await bubble.exec(argv, { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })).stdout);
    },
    async vouch() {
      const agent = started(node, 'node');
      await eventually('the node has met the core', async () =>
        !agent.isRunning() || /Connected to the core/.test(agent.log()) ? true : undefined,
      );
      // Its nonce is with the core a moment after the link is up.
      await eventually('the node is vouched for', async () => {
        const { stdout } = await owner.cli(['nodes', 'list', '--json']);
        return !agent.isRunning() || !/"holding":true/.test(stdout) ? true : undefined;
      });
    },
    async rest() {
      for (const one of [node, core]) {
        if (!one?.isRunning()) continue;
        one.kill('SIGTERM');
        await one.exited;
      }
    },
    keep(name) {
      for (const part of KEPT) cpSync(join(folder, part), join(folder, 'kept', name, part), { recursive: true });
    },
    restore(name) {
      for (const part of KEPT) {
        rmSync(join(folder, part), { recursive: true, force: true });
        cpSync(join(folder, 'kept', name, part), join(folder, part), { recursive: true });
      }
    },
    runs,
    end: () => bubble.end(),
  };
}

/** A fleet with one node that has joined and has release 1 of app `web`, all at rest and kept under `ready`. */
export async function readyFleet(product: string): Promise<BareFleet> {
  const fleet = await createBareFleet(product);
  try {
    await bringUpFleet(fleet);
    fleet.node().kill('SIGTERM');
    await fleet.node().exited;
    const first = await fleet.cli(await deployArguments(fleet, '1'));
    if (first.code !== 0) throw new Error(`the first release is not taken: ${first.stdout}${first.stderr}`);
    await fleet.rest();
    fleet.keep('ready');
    return fleet;
  } catch (cause) {
    await fleet.end();
    throw cause;
  }
}

/** A copy of a data folder beside it, for a judge that must not touch what goes on. */
export function copyOf(folder: string, name: string): string {
  const copy = `${folder}.${name}`;
  rmSync(copy, { recursive: true, force: true });
  if (existsSync(folder)) cpSync(folder, copy, { recursive: true });
  return copy;
}

const COMPOSE = `services:\n  web:\n    image: lab/web:1@sha256:${'a'.repeat(64)}\n`;

/** Confirms a release of app `web` whose variable V is `value`, and does not wait for its end. */
export async function deployArguments(fleet: BareFleet, value: string): Promise<string[]> {
  const compose = await fleet.memoryFile('web.yaml', COMPOSE);
  const about = ['--compose', compose, '--env', `V=${value}`, '--node', 'n1'];
  return ['apps', 'deploy', 'web', ...about, '--yes', '--no-wait', '--json'];
}
