import { existsSync, mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lab } from './addresses.ts';
import { LabError } from './cache/lab-error.ts';
import { partFolder } from './cache/part.ts';
import { compose } from './cache/parts/compose.ts';
import { type EngineVersion, engineRoots } from './cache/parts/engine.ts';
import { toolCommand } from './cache/parts/tools.ts';
import { run } from './cache/run.ts';
import { cgroupName, removeCgroups } from './leftovers.ts';
import { poll, type Running, spawnIn } from './processes.ts';

export type NodeOptions = {
  worldId: string;
  /** The world's first process, as this machine sees it. */
  initPid: number;
  number: number;
  engine: EngineVersion;
  /** The world's folder. */
  folder: string;
  /** Shown read-only as /opt/overseer. */
  product: string;
  /** Size of /var/lib/overseer when it is to be a small disk of its own. */
  stateDiskMb?: number;
};

/** A server of the lab: Debian with its Docker and Compose, the pinned Node and the product; its own addresses and ports. */
export type LabNode = {
  name: string;
  ipv4: string;
  /** Boots: network, root, engine. What lies in memory (/run) is empty, what lies on disk is as it was left. */
  powerOn: () => Promise<void>;
  /** Ends every process of the node, its containers' too, at once. */
  powerCut: () => Promise<void>;
  startEngine: () => Promise<void>;
  /** Ends dockerd; containers end with SIGTERM, with SIGKILL they go on. */
  stopEngine: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  isOn: () => boolean;
  initPid: () => number;
};

const script = (name: string): string => fileURLToPath(new URL(`scripts/${name}`, import.meta.url));

/** The way into a node whose first process is `pid`. */
export function enterNode(pid: number, env: Record<string, string>, cwd: string): string[] {
  const path = 'PATH=/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const all = [path, 'HOME=/root', 'LANG=C.UTF-8', ...Object.entries(env).map(([k, v]) => `${k}=${v}`)];
  return ['nsenter', '-t', String(pid), '-m', '-u', '-n', '-p', '--', '/usr/bin/env', '-i', '-C', cwd, ...all];
}

/** Prepares the folders of a node; `powerOn` boots it. */
export function createNode(options: NodeOptions): LabNode {
  const { name, ipv4 } = lab.node(options.number);
  const folder = join(options.folder, name);
  for (const d of ['up', 'work', 'root', 'docker', 'overseer']) mkdirSync(join(folder, d), { recursive: true });
  let init: Running | undefined;
  let engine: Running | undefined;

  const initPid = (): number => {
    if (!init?.isRunning()) throw new LabError(name, 'is switched off', 'call powerOn first');
    return init.pid;
  };

  async function startEngine(): Promise<void> {
    const arguments_ = [
      ...['--registry-mirror', lab.registry, '--insecure-registry', lab.registry.replace('http://', '')],
      ...['--bip', '10.78.1.1/24', '--default-address-pool', 'base=10.79.0.0/16,size=24'],
      ...['--cgroup-parent', `/${cgroupName(options.worldId)}/${name}`],
    ];
    const log = join(options.folder, 'logs', `${name}-dockerd.log`);
    engine = await spawnIn(enterNode(initPid(), {}, '/'), ['dockerd', ...arguments_], log, { depth: 1 });
    const started = engine;
    const socket = `/proc/${initPid()}/root/run/docker.sock`;
    const up = await poll(async () => (!started.isRunning() ? false : (await pings(socket)) || undefined), 60_000);
    if (!up) throw new LabError(`${name} engine`, `dockerd does not answer:\n${tail(started.log())}`, `read ${log}`);
  }

  async function powerOn(): Promise<void> {
    const inside = ['nsenter', '-t', String(options.initPid), '-m', '-p', '--'];
    const env = {
      ...process.env,
      IP: toolCommand('usr/bin/ip').join(' '),
      NODE: name,
      NUMBER: String(10 + options.number),
    };
    await run([...inside, 'bash', script('node-network.sh')], { part: `${name} network`, env });
    const unshare = ['unshare', '-m', '-u', '-i', '-p', '-f', '--kill-child', '--', 'bash', script('node-init.sh')];
    const log = join(options.folder, 'logs', `${name}-init.log`);
    init = await spawnIn([...inside, 'nsenter', `--net=/run/netns/${name}`, '--'], unshare, log, {
      depth: 2,
      env: {
        PATH: process.env.PATH,
        N: folder,
        ROOT: join(partFolder(engineRoots[options.engine]), 'root'),
        PRODUCT: options.product,
        NODE_DIR: dirname(dirname(process.execPath)),
        PLUGINS: partFolder(compose),
        NAME: name,
        STATE_MB: options.stateDiskMb ? String(options.stateDiskMb) : '',
      },
    });
    const started = init;
    const booted = await poll(() => (!started.isRunning() ? false : isBooted(started.pid) || undefined));
    if (!booted) throw new LabError(name, `did not boot:\n${tail(started.log())}`, `read ${log}`);
    await startEngine();
  }

  return {
    name,
    ipv4,
    powerOn,
    powerCut: async () => {
      init?.kill('SIGKILL');
      await init?.exited;
      await poll(() => removeCgroups(options.worldId, name) || undefined, 5000);
    },
    startEngine,
    stopEngine: async (signal) => {
      engine?.kill(signal);
      await engine?.exited;
    },
    isOn: () => init?.isRunning() ?? false,
    initPid,
  };
}

/** The node's own root is in place once its boot mark is seen from outside. */
const isBooted = (pid: number): boolean => existsSync(`/proc/${pid}/root/run/booted`);

/** Whether an engine answers on this socket. */
function pings(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', timeout: 2000 }, (r) => {
      r.resume();
      resolve(r.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.on('timeout', () => asked.destroy());
    asked.end();
  });
}

export const tail = (text: string): string => text.trim().split('\n').slice(-12).join('\n');
