import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lab } from './addresses.ts';
import { LabError } from './cache/lab-error.ts';
import { worldsFolder } from './cache/layout.ts';
import { partFolder } from './cache/part.ts';
import type { EngineVersion } from './cache/parts/engine.ts';
import { registryData } from './cache/parts/registry.ts';
import { toolCommand } from './cache/parts/tools.ts';
import { provisionWorld } from './cache/provision.ts';
import { createHandle, enterHub, type SavedWorld, type WorldHandle } from './handle.ts';
import { removeCgroups, removeLeftovers, stateFile, type WorldState } from './leftovers.ts';
import { createNode, type LabNode, tail } from './node.ts';
import { poll, type Running, spawnIn, startTimeOf } from './processes.ts';
import { makePebblePair, startNames, startPebble, startRegistry, waitForLog } from './services.ts';

export { lab } from './addresses.ts';
export type { EngineVersion } from './cache/parts/engine.ts';
export type { Place, SpawnOptions, WorldHandle } from './handle.ts';
export type { LabNode } from './node.ts';
export type { DnsAnswer, HttpAnswer, HttpQuestion } from './probe-types.ts';
export type { ExecOptions, ExecResult, Exit, Running } from './processes.ts';
export type { CloudflareAccess } from './services.ts';

export type WorldOptions = {
  /** Letters and digits; default random. */
  id?: string;
  /** The nodes, by the engine that each has: n1 and as many as there are; default: one with 28.5. */
  engines?: Engines;
  /** Folder that the world takes a copy of and the node sees read-only as /opt/overseer; default: this repository itself. */
  product?: string;
  /** Makes /var/lib/overseer of the node a disk of this size (in memory: it does not outlive a power cut). */
  stateDiskMb?: number;
  /** Receives a line for each thing that takes time. */
  note?: (line: string) => void;
};

/** n1, and n2 where there are two. */
export type Engines = readonly [EngineVersion] | readonly [EngineVersion, EngineVersion];

/** A running lab. */
export type World = WorldHandle & {
  /** n1; the same as the first of `nodes`. */
  node: LabNode;
  nodes: readonly LabNode[];
  /** Ends every process of the world and removes its folder. Safe to call twice. */
  stop: () => Promise<void>;
};

const script = (name: string): string => fileURLToPath(new URL(`scripts/${name}`, import.meta.url));
const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts a lab: one process tree in namespaces of its own that ends with this process, however it ends. Fetches and
 * builds what is not in the cache yet. Throws a LabError that names the part which failed; nothing is left running then.
 */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  refuseUnlessPossible();
  const note = options.note ?? (() => undefined);
  for (const id of removeLeftovers()) note(`removed what world ${id} left`);
  await provisionWorld(note, options.engines);
  const id = options.id ?? `w${randomBytes(4).toString('hex')}`;
  const folder = join(worldsFolder(), id);
  mkdirSync(worldsFolder(), { recursive: true });
  mkdirSync(folder);
  const stop = { init: undefined as Running | undefined };
  try {
    return await build(id, folder, options, stop);
  } catch (e) {
    await end(id, folder, stop.init);
    throw e;
  }
}

function refuseUnlessPossible(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new LabError(
      'world',
      'needs root on Linux, for namespaces of its own',
      'run it as root, or use the engine at hand instead',
    );
  }
}

async function build(
  id: string,
  folder: string,
  options: WorldOptions,
  stop: { init: Running | undefined },
): Promise<World> {
  const self = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
  saveState(folder, { id, starter: self });
  const below = ['logs', 'hub/home', 'hub/tmp', 'pebble', 'registry/up', 'registry/work', 'registry/data'];
  for (const d of below) mkdirSync(join(folder, d), { recursive: true });
  const init = await startInit(folder);
  stop.init = init;

  const start = (name: string, argv: readonly string[], env: Record<string, string>): Promise<Running> =>
    spawnIn(enterHub(init.pid, folder, env), argv, join(folder, 'logs', `${name}.log`), { depth: 1 });
  const [registry, cloudflare, acmeCaPem] = await Promise.all([
    startRegistry(folder, start),
    startNames(start),
    makePebblePair(folder),
  ]);
  const pebble = await startPebble(folder, start);

  const product = options.product ? join(folder, 'product') : repository;
  if (options.product) cpSync(options.product, product, { recursive: true });
  const machines = (options.engines ?? ['28.5']).map((engine, index) => {
    const stateDisk = options.stateDiskMb ? { stateDiskMb: options.stateDiskMb } : {};
    const about = { worldId: id, initPid: init.pid, number: index + 1, engine, folder, product, ...stateDisk };
    const acmeFile = join(folder, lab.node(about.number).name, 'up/opt/lab/acme-ca.pem');
    mkdirSync(dirname(acmeFile), { recursive: true });
    writeFileSync(acmeFile, acmeCaPem);
    return createNode(about);
  });
  await Promise.all([
    ...machines.map((machine) => machine.powerOn()),
    waitForLog(registry, /listening on/, 'registry'),
    waitForLog(pebble, /Listening on/, 'pebble'),
  ]);
  const saved: SavedWorld = {
    id,
    starter: self,
    init: { pid: init.pid, startTime: startTimeOf(init.pid) ?? '' },
    nodePids: nodePids(machines),
    cloudflare,
    acmeCaPem,
    product,
  };
  saveState(folder, saved);
  const nodes = machines.map((machine) => ({
    ...machine,
    powerOn: async () => {
      await machine.powerOn();
      // Others find the node by its first process, which is a new one now.
      saveState(folder, { ...saved, nodePids: nodePids(machines) } as SavedWorld);
    },
  }));
  const [node] = nodes;
  if (!node) throw new LabError('world', 'has no node', 'name an engine for each node');
  return {
    ...createHandle(saved, folder, () => nodePids(machines)),
    node,
    nodes,
    stop: () => end(id, folder, init),
  };
}

/** The first process of each node that is on. */
const nodePids = (nodes: readonly LabNode[]): Record<string, number> =>
  Object.fromEntries(nodes.flatMap((node) => (node.isOn() ? [[node.name, node.initPid()]] : [])));

/** Written whole and renamed, so that a reader never sees half of it. */
function saveState(folder: string, state: WorldState): void {
  writeFileSync(`${stateFile(folder)}.new`, JSON.stringify(state, null, 2));
  renameSync(`${stateFile(folder)}.new`, stateFile(folder));
}

async function startInit(folder: string): Promise<Running> {
  const tree = [
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
    'unshare',
    '-m',
    '-n',
    '-p',
    '-f',
    '--kill-child',
    '--mount-proc',
    '--',
  ];
  const log = join(folder, 'logs/init.log');
  const env = {
    PATH: process.env.PATH,
    W: folder,
    IP: toolCommand('usr/bin/ip').join(' '),
    REGISTRY: join(partFolder(registryData), 'data'),
  };
  const init = await spawnIn(tree, ['bash', script('world-init.sh')], log, { depth: 1, env });
  const ready = await poll(() => (!init.isRunning() ? false : existsSync(join(folder, 'init-ready')) || undefined));
  if (!ready)
    throw new LabError('world', `its first process did not come up:\n${tail(init.log())}`, 'read the lines above');
  return init;
}

/** Ends the process tree and removes what it leaves. Safe to call twice. */
async function end(id: string, folder: string, init: Running | undefined): Promise<void> {
  init?.kill('SIGKILL');
  await init?.exited;
  await poll(() => removeCgroups(id) || undefined, 5000);
  rmSync(folder, { recursive: true, force: true });
}
