import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideClocks, setClock, shiftedClock } from '#world/shifted-clock.ts';
import type { ExecResult, Running } from '#world/world.ts';
import { createProcesses, type Processes } from '../../demo/at-hand-processes.ts';
import {
  bringUpFleet,
  createOwnerCli,
  eventually,
  type Fleet,
  joinNode,
  logShows,
  type OwnerCli,
  started,
} from '../../journeys/fleet.ts';
import { type KeyPair, strangeKey } from '../evil/certificates.ts';
import { type TrustState, trustOf } from '../evil/orders.ts';
import { type EvilCore, startEvilCore, startFalseCore } from '../evil/start-core.ts';
import { type OpenDevice, stealDevice } from '../evil/stolen-device.ts';
import { forgetTime, readNodeDisk } from './node-disk.ts';
import { type SilentEngine, startSilentEngine } from './silent-engine.ts';
import { createStagedNode, type StagedNode } from './staged-node.ts';

/** Most attacks need one or two; what a partition does is seen on all. */
export const nodeNames = ['a', 'b', 'c', 'd', 'e'] as const;
export type NodeName = (typeof nodeNames)[number];

/** As its unit starts it: how far its memory may grow. */
const coreFlags =
  readFileSync('build/units/overseer-core.service', 'utf8').match(/(?<=^ExecStart=.*)(?<= )--\S+/gm) ?? [];
const PASSPHRASE = 'correct horse battery staple';
export const HTTP_PORT = 7443;
export const LINK_PORT = 7444;

/** Disks of a fleet at rest: a core, an owner's command line and five nodes without an engine, all joined by the real way. */
export interface FleetDisks {
  /** An address of loopback that no other world has. */
  readonly host: string;
  readonly folder: string;
  readonly core: string;
  readonly home: string;
  readonly nodes: Readonly<Record<NodeName, string>>;
  /** What `home` holds, opened: the laptop was taken while it was unlocked. */
  readonly owner: OpenDevice;
  readonly recoveryWords: string;
  readonly passphrase: string;
  /** The log as the nodes hold it. */
  readonly trust: TrustState;
  readonly nodeIds: Readonly<Record<NodeName, string>>;
}

/** A node mounts memory for secrets: its own mounts go with it and are never seen by this machine. */
const ownMounts = ['unshare', '-m', '--'];

/** One run: copies of the disks, programs of one build over them, and evil-core beside. */
export interface FleetStage {
  readonly disks: FleetDisks;
  /** The build that the programs of this stage are. */
  readonly product: string;
  /** This stage's own folder. */
  readonly folder: string;
  readonly processes: Processes;
  /** evil-core on the address of the real one, with its key or another; started at the first call. */
  evilCore(pair?: KeyPair): Promise<EvilCore>;
  /** A core with a fleet of its own that lets every joining node in. */
  falseCore(): Promise<{ readonly coreSpki: string }>;
  /** A node over a copy of its disk, connected to evil-core; `clock` puts its clock elsewhere. */
  node(name: NodeName, options?: { clock?: string; canJump?: boolean; hasEngine?: boolean }): Promise<StagedNode>;
  /** The same node, whomever it may meet. */
  startBareNode(name: NodeName): Running;
  /** The real core over a copy of its disk: of another build, with another clock, after the one before was ended. */
  core(options?: CoreOptions): Promise<Running & { readonly folder: string }>;
  /** Ends the real core in good order. */
  endCore(): Promise<void>;
  /** The owner's command line over a copy of its home. */
  owner(): StagedOwner;
  /** A command line over any home; the passphrase lies beside it. */
  ownerOf(home: string): StagedOwner;
  /** Runs a program of this build: `overseer …`. */
  run(args: readonly string[], env: Record<string, string>, input?: string): Promise<ExecResult>;
  /** Starts a program of this build that goes on. */
  spawn(args: readonly string[], env: Record<string, string>, name: string): Running;
  /** Starts any program; it ends with the stage. */
  start(argv: readonly string[], name: string): Running;
}

export interface CoreOptions {
  readonly product?: string;
  readonly clock?: string;
  readonly after?: 'SIGTERM' | 'SIGKILL';
}

export interface StagedOwner extends OwnerCli {
  readonly home: string;
  spawn(args: readonly string[], name: string): Running;
  /** Writes a file beside the home and gives its path. */
  file(name: string, content: string): string;
}

/** Makes a fleet with the shipped program, stops it and keeps its disks; stages run over copies of them. */
export async function startFleetWorld(shipped: string) {
  const folder = mkdtempSync(join(tmpdir(), 'attacks-'));
  const disks = await makeDisks(folder, shipped);
  let stages = 0;
  const evil = createEvilSeat(disks);
  return {
    disks,
    async onStage<T>(product: string, run: (stage: FleetStage) => Promise<T>): Promise<T> {
      const own = join(folder, `stage-${++stages}`);
      mkdirSync(own);
      const { stage, end } = createStage(disks, product, own, evil);
      try {
        return await run(stage);
      } finally {
        await end();
        rmSync(own, { recursive: true, force: true });
      }
    },
    async stop() {
      await evil.leave();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The address of the core: evil-core sits there until the real one is to be started, or one with another key. */
function createEvilSeat(disks: FleetDisks) {
  const own: KeyPair = {
    key: readFileSync(join(disks.core, 'tls.key'), 'utf8'),
    cert: readFileSync(join(disks.core, 'tls.crt'), 'utf8'),
  };
  let evil: { readonly core: Promise<EvilCore>; readonly pair: KeyPair } | undefined;
  const leave = async () => {
    await (await evil?.core)?.stop();
    evil = undefined;
  };
  return {
    async take(pair: KeyPair = own): Promise<EvilCore> {
      if (evil && evil.pair !== pair) await leave();
      evil ??= { core: startEvilCore({ host: disks.host, port: LINK_PORT, pair }), pair };
      return evil.core;
    },
    leave,
  };
}

const plainEnvironment = (folder: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: folder,
  TMPDIR: folder,
  LANG: 'C.UTF-8',
});

/** Settings of a node without an engine: the socket is not there. */
export const nodeEnvironment = (disk: string, folder: string): Record<string, string> => ({
  ...plainEnvironment(folder),
  OVERSEER_NODE_DATA: disk,
  OVERSEER_NODE_RUN: join(folder, 'run'),
  DOCKER_HOST: `unix://${join(folder, 'no-engine.sock')}`,
});

const ownerEnvironment = (home: string, folder: string): Record<string, string> => ({
  ...plainEnvironment(folder),
  OVERSEER_HOME: home,
  OVERSEER_PASSPHRASE_FILE: join(home, '../passphrase'),
});

let logs = 0;
/** A program's own log: what an earlier one of that name printed must not be taken for its words. */
const newLog = (folder: string, name: string): string => join(folder, 'logs', `${name}-${++logs}.log`);

async function makeDisks(folder: string, shipped: string): Promise<FleetDisks> {
  const part = () => 1 + Math.floor(Math.random() * 253);
  const host = `127.${part()}.${part()}.${part()}`;
  const core = join(folder, 'core');
  const nodes = perNode((name) => join(folder, name));
  const home = join(folder, 'owner/home');
  for (const path of [core, ...Object.values(nodes), home]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const processes = createProcesses();
  const fleetOf = (name: NodeName) => createFleet({ host, folder, core, home, shipped, processes, node: nodes[name] });
  const [firstName, ...further] = nodeNames;
  try {
    const first = fleetOf(firstName);
    await bringUpFleet(first, undefined, { fleet: 'attacked', node: firstName });
    for (const name of further) await joinNode({ ...fleetOf(name), ask: first.ask, cli: first.cli }, name);
    const entries = readNodeDisk(nodes.e).trust.length;
    for (const name of nodeNames)
      await eventually(`node ${name} has the whole log`, async () =>
        readNodeDisk(nodes[name]).trust.length === entries ? true : undefined,
      );
  } finally {
    await processes.endAll();
  }
  const disk = readNodeDisk(nodes.e);
  const trust = await trustOf(disk.fleet, disk.trust);
  const ids = new Map([...trust.nodes.values()].map(({ name, nodeId }) => [name, nodeId]));
  return {
    host,
    folder,
    core,
    home,
    nodes,
    owner: await stealDevice(home, PASSPHRASE),
    passphrase: PASSPHRASE,
    recoveryWords: readFileSync(join(folder, 'owner/recovery'), 'utf8').trim(),
    trust,
    nodeIds: perNode((name) => ids.get(name) ?? ''),
  };
}

const perNode = (make: (name: NodeName) => string): Record<NodeName, string> =>
  Object.fromEntries(nodeNames.map((name) => [name, make(name)])) as Record<NodeName, string>;

function createFleet(about: {
  host: string;
  folder: string;
  core: string;
  home: string;
  node: string;
  shipped: string;
  processes: Processes;
}): Fleet {
  const { host, folder, core: coreFolder, home, processes, shipped } = about;
  const program = [process.execPath, join(shipped, 'overseer.mjs')];
  const owner = ownerEnvironment(home, folder);
  const nodeEnv = nodeEnvironment(about.node, join(folder, 'run', about.node.slice(-1)));
  const spawn = (args: readonly string[], name: string, env: Record<string, string>) =>
    processes.spawn([...ownMounts, ...program, ...args], { env, cwd: folder, logFile: newLog(folder, name) });
  let core: Running | undefined;
  let node: Running | undefined;
  return {
    ...createOwnerCli((args, options) =>
      processes.exec([...program, ...args], { ...options, env: { ...owner, ...options.env }, cwd: folder }),
    ),
    coreHost: host,
    coreHttpPort: HTTP_PORT,
    coreLinkPort: LINK_PORT,
    coreFolder,
    recoveryFile: join(home, '../recovery'),
    async startCore() {
      core = spawn(['core', 'start', '--data', coreFolder, '--host', host], 'core', plainEnvironment(folder));
      await logShows(core, /ready in \d+ ms/);
      return core;
    },
    async startNode() {
      node = spawn(['node', 'start'], `node-${about.node.slice(-1)}`, nodeEnv);
      return node;
    },
    onNode: (args) => processes.exec([...program, ...args], { env: nodeEnv, cwd: folder, timeoutMs: 120_000 }),
    spawnOwner: async (args, name) => spawn(args, name, owner),
    core: () => started(core, 'core'),
    node: () => started(node, 'node'),
    async memoryFile(name, content) {
      const path = join(home, '..', name);
      writeFileSync(path, content, { mode: 0o600 });
      return path;
    },
  };
}

function createStage(disks: FleetDisks, product: string, folder: string, evil: ReturnType<typeof createEvilSeat>) {
  const processes = createProcesses();
  const program = [process.execPath, join(product, 'overseer.mjs')];
  const copy = (from: string, name: string): string => {
    const to = join(folder, name);
    if (!existsSync(to)) cpSync(from, to, { recursive: true });
    return to;
  };
  const begun: Running[] = [];
  const begin = (argv: readonly string[], env: Record<string, string>, name: string): Running => {
    const running = processes.spawn([...ownMounts, ...argv], { env, cwd: folder, logFile: newLog(folder, name) });
    begun.push(running);
    return running;
  };
  const spawn: FleetStage['spawn'] = (args, env, name) => begin([...program, ...args], env, name);
  const run: FleetStage['run'] = (args, env, input) =>
    processes.exec([...program, ...args], { env, cwd: folder, timeoutMs: 120_000, ...(input ? { input } : {}) });
  const nodePlace = (name: NodeName) => {
    const disk = copy(disks.nodes[name], `node-${name}`);
    return { disk, env: nodeEnvironment(disk, join(folder, `run-${name}`)) };
  };
  let engine: SilentEngine | undefined;
  let core: Running | undefined;
  let falseCore: Awaited<ReturnType<typeof startFalseCore>> | undefined;
  const stage: FleetStage = {
    disks,
    product,
    folder,
    processes,
    run,
    spawn,
    evilCore: evil.take,
    start: (argv, name) => begin(argv, plainEnvironment(folder), name),
    async falseCore() {
      falseCore = await startFalseCore({ host: disks.host, port: HTTP_PORT, pair: await strangeKey('overseer core') });
      return falseCore;
    },
    async node(name, { clock, canJump = false, hasEngine = false } = {}) {
      if (hasEngine) engine ??= await startSilentEngine(folder);
      if (clock !== undefined) await provideClocks();
      const clockFile = canJump ? join(folder, `clock-${name}`) : undefined;
      const { disk, env } = nodePlace(name);
      // What it was told while its clock was right would outweigh the clock that the row puts it at.
      if (clock !== undefined) forgetTime(disk);
      const argv = clock === undefined ? program : [...shiftedClock(clock, clockFile), ...program];
      return createStagedNode({
        id: disks.nodeIds[name],
        disk,
        image: disks.nodes[name],
        evil: await stage.evilCore(),
        witness: disks.owner,
        memory: env.OVERSEER_NODE_RUN ?? '',
        start: () => begin([...argv, 'node', 'start'], { ...env, ...engine?.environment }, `node-${name}`),
        setClock(next) {
          if (clockFile === undefined) throw new Error('this clock can not be moved');
          setClock(clockFile, next);
        },
      });
    },
    startBareNode(name) {
      return spawn(['node', 'start'], nodePlace(name).env, `node-${name}`);
    },
    async core(options = {}) {
      await evil.leave();
      if (core && options.after) {
        core.kill(options.after);
        await core.exited;
      }
      const disk = copy(disks.core, 'core');
      if (options.clock !== undefined) await provideClocks();
      const shift = options.clock === undefined ? [] : shiftedClock(options.clock);
      const node = [process.execPath, ...coreFlags];
      const argv = [...shift, ...node, join(options.product ?? product, 'overseer.mjs'), 'core', 'start'];
      core = begin([...argv, '--data', disk, '--host', disks.host], plainEnvironment(folder), 'core');
      await logShows(core, /ready in \d+ ms/);
      return Object.assign(core, { folder: disk });
    },
    async endCore() {
      core?.kill('SIGTERM');
      await core?.exited;
    },
    owner: () => stage.ownerOf(join(copy(join(disks.home, '..'), 'owner'), 'home')),
    ownerOf(home) {
      const env = ownerEnvironment(home, folder);
      const cli = createOwnerCli((args, options) =>
        processes.exec([...program, ...args], { ...options, env: { ...env, ...options.env }, cwd: folder }),
      );
      return {
        ...cli,
        home,
        spawn: (args, name) => spawn(args, env, name),
        file(name, content) {
          const path = join(home, '..', name);
          writeFileSync(path, content, { mode: 0o600 });
          return path;
        },
      };
    },
  };
  return {
    stage,
    async end() {
      // The disks are thrown away: nothing has to be closed in good order.
      for (const running of begun) running.kill('SIGKILL');
      await falseCore?.stop();
      await engine?.stop();
      await processes.endAll();
    },
  };
}
