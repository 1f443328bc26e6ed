import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lab } from './addresses.ts';
import { LabError } from './cache/lab-error.ts';
import type { WorldState } from './leftovers.ts';
import { enterNode } from './node.ts';
import type { DnsAnswer, HttpAnswer, HttpQuestion, ProbeRequest } from './probe-types.ts';
import { type ExecOptions, type ExecResult, execIn, type Running, spawnIn } from './processes.ts';
import type { CloudflareAccess } from './services.ts';

/** `hub`: where core, CLI, registry, ACME, DNS, Cloudflare and the outside are. `n1`, `n2`: the nodes. */
export type Place = 'hub' | 'n1' | 'n2';

/** What is needed to reach into a running world, also from another process. */
export type SavedWorld = WorldState & {
  init: { pid: number; startTime: string };
  /** By the node's name, of those that are on. */
  nodePids: Readonly<Record<string, number>>;
  cloudflare: CloudflareAccess;
  acmeCaPem: string;
  product: string;
};

/** Looks and reaches into a running world. */
export type WorldHandle = {
  id: string;
  /** The world's first process, as this machine sees it. */
  initPid: number;
  folder: string;
  /** The product as this world runs it: its own copy, so that a build which replaces the folder does not touch it. */
  product: string;
  /** A folder in the hub for core and CLI; `home` in it is their HOME. */
  hubFolder: string;
  /** Cloudflare's double: `url` for the product, `labUrl` for switching faults, `token` that may do everything. */
  cloudflare: CloudflareAccess;
  /** ACME: the directory, and the authority of its own HTTPS as a file in each node and as text. */
  acme: { directory: string; caFile: string; caPem: string };
  /** Runs a program to its end. Rejects only when the place is gone, never because of an exit code. */
  exec: (place: Place, argv: readonly string[], options?: ExecOptions) => Promise<ExecResult>;
  /** Starts a program that goes on; its output is appended to `<folder>/logs/<name>.log`. */
  spawn: (place: Place, argv: readonly string[], options?: SpawnOptions) => Promise<Running>;
  /** `docker …` on n1. */
  docker: (args: readonly string[], options?: ExecOptions) => Promise<ExecResult>;
  /** The socket of n1's engine as this machine's processes can open it, while the node is on. */
  dockerSocket: () => string;
  /** One HTTP(S) request from the hub, not following redirects. */
  httpGet: (url: string, options?: HttpQuestion) => Promise<HttpAnswer>;
  /** Asks the lab's DNS server from the hub. */
  resolve: (name: string, type: string) => Promise<DnsAnswer>;
  /** The root that ACME certificates chain to, PEM; new in every world. */
  pebbleRoot: () => Promise<string>;
  /** Runs a verb of the Cloudflare double's control. */
  cloudflareControl: (verb: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** A path of n1 as this machine sees it, while the node is on. */
  nodePath: (path: string) => string;
  readNodeFile: (path: string) => Promise<Buffer>;
  /** Every folder of this machine that is a disk of the lab: search these for what must not be on any disk. */
  diskPaths: () => string[];
  /** The command that runs what follows it in that place. */
  enter: (place: Place, options?: Pick<ExecOptions, 'env' | 'cwd'>) => string[];
};

export type SpawnOptions = Pick<ExecOptions, 'env' | 'cwd'> & { name?: string };

export const insideWorld = (initPid: number): string[] => ['nsenter', '-t', String(initPid), '-m', '-p', '--'];

/** The way into the hub: this machine's files, the hub's network and names, an environment without anything of ours. */
export function enterHub(initPid: number, folder: string, env: Record<string, string>, cwd?: string): string[] {
  const path = `PATH=${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const own = [path, `HOME=${folder}/hub/home`, `TMPDIR=${folder}/hub/tmp`, 'LANG=C.UTF-8'];
  const all = [...own, ...Object.entries(env).map(([k, v]) => `${k}=${v}`)];
  const start = ['/usr/bin/env', '-i', '-C', cwd ?? join(folder, 'hub'), ...all];
  return [...insideWorld(initPid), 'nsenter', '--net=/run/netns/hub', '--', ...start];
}

/** `nodePids` is asked each time, since a power cut changes them. */
export function createHandle(saved: SavedWorld, folder: string, nodePids: () => SavedWorld['nodePids']): WorldHandle {
  let spawned = 0;
  const nodePid = (name: string): number => {
    const pid = nodePids()[name];
    if (pid === undefined) throw new LabError(name, 'is switched off, or not in this world', 'call powerOn first');
    return pid;
  };
  const enter: WorldHandle['enter'] = (place, options = {}) =>
    place === 'hub'
      ? enterHub(saved.init.pid, folder, options.env ?? {}, options.cwd)
      : enterNode(nodePid(place), options.env ?? {}, options.cwd ?? '/root');

  const exec: WorldHandle['exec'] = async (place, argv, options = {}) => execIn(enter(place, options), argv, options);

  async function probe(question: ProbeRequest): Promise<unknown> {
    const file = fileURLToPath(new URL('probe.ts', import.meta.url));
    const argv = [process.execPath, '--no-warnings', file];
    const answer = await exec('hub', argv, { input: JSON.stringify(question), timeoutMs: 60_000 });
    if (answer.code !== 0) throw new LabError('probe', answer.stderr, 'see the question and the probe');
    return JSON.parse(answer.stdout);
  }

  async function httpGet(url: string, options: HttpQuestion = {}): Promise<HttpAnswer> {
    return (await probe({ kind: 'http', url, ...options })) as HttpAnswer;
  }

  /** The body of an answer that must be 200. */
  async function bodyOf(part: string, url: string, options: HttpQuestion): Promise<string> {
    const answer = await httpGet(url, options);
    if (answer.ok && answer.status === 200) return answer.body;
    throw new LabError(part, `${url} answered ${JSON.stringify(answer)}`, `read ${folder}/logs`);
  }

  const nodePath = (path: string): string => `/proc/${nodePid('n1')}/root${path}`;
  return {
    id: saved.id,
    initPid: saved.init.pid,
    folder,
    product: saved.product,
    hubFolder: join(folder, 'hub'),
    cloudflare: saved.cloudflare,
    acme: { directory: lab.pebble.directory, caFile: '/opt/lab/acme-ca.pem', caPem: saved.acmeCaPem },
    exec,
    spawn: async (place, argv, options = {}) => {
      const name = options.name ?? `${place}-${++spawned}`;
      return spawnIn(enter(place, options), argv, join(folder, 'logs', `${name}.log`), { depth: 1 });
    },
    docker: (args, options) => exec('n1', ['docker', ...args], options),
    dockerSocket: () => nodePath('/run/docker.sock'),
    httpGet,
    resolve: async (name, type) => (await probe({ kind: 'dns', server: lab.hub.ipv4, name, type })) as DnsAnswer,
    pebbleRoot: () => bodyOf('pebble', lab.pebble.roots, { ca: saved.acmeCaPem }),
    cloudflareControl: async (verb, ...args) => {
      const url = `${saved.cloudflare.labUrl}/${verb}`;
      const body = await bodyOf('cloudflare', url, { method: 'POST', body: JSON.stringify(args) });
      return (JSON.parse(body) as { result?: unknown }).result;
    },
    enter,
    nodePath,
    readNodeFile: (path) => readFile(nodePath(path)),
    diskPaths: () => [
      ...Object.keys(saved.nodePids).flatMap((name) => ['up', 'docker', 'overseer'].map((d) => join(folder, name, d))),
      join(folder, 'hub'),
      join(folder, 'logs'),
    ],
  };
}
