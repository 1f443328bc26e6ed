import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import { type EngineVersion, type Running, startWorld, type World } from '#world/world.ts';
import { bringUpFleet, createLabFleet, enableIngressAndDns, type LabFleet } from '../../journeys/lab-fleet.ts';
import { newId, releaseMessage, signRelease, signStatement, type TrustState, trustOf } from '../evil/orders.ts';
import { type EvilCore, startEvilCore } from '../evil/start-core.ts';
import { type OpenDevice, stealDevice } from '../evil/stolen-device.ts';
import { readNodeDisk } from './node-disk.ts';

/** How a node ended an order, as it said itself; what it did is looked up in its engine. */
export interface Ended {
  readonly appId: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly tookMs: number;
}

/** A file or sealed copy that goes along with an order. */
export interface Carried {
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** One run: a node of one build with a real engine, held by evil-core, which has an owner's open laptop beside it. */
export interface EngineStage {
  readonly world: World;
  /** Which engine the node has. */
  readonly engine: EngineVersion;
  readonly fleet: LabFleet;
  readonly owner: OpenDevice;
  readonly trust: TrustState;
  readonly nodeId: string;
  /** Signs an order as number 1 of a new app, or of `appId`, and waits until the node has ended it. */
  order(body: object, about?: { appId?: string; objects?: readonly Carried[] }): Promise<Ended>;
  /** Names of all containers, volumes and networks but an app's own, and since when each container runs. */
  engineState(besides?: string): Promise<string>;
  /** `docker …`, which must succeed. */
  docker(...args: string[]): Promise<string>;
  /** What the engine made for an app; empty when it made nothing. */
  inspect(appId: string): Promise<readonly Inspected[]>;
  /** A path of the node as this machine sees it. */
  nodePath(path: string): string;
  /** Instead of evil-core: the real core, the node and an owner's command line, all of this build. */
  honestFleet(): Promise<LabFleet>;
}

/** What the attacks look at in a container. */
export interface Inspected {
  readonly Name: string;
  readonly Image: string;
  readonly State: { readonly Running: boolean };
  readonly Config: { readonly Env: readonly string[]; readonly Image: string };
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly Mounts: readonly { readonly Type: string; readonly Source: string; readonly Name?: string }[];
}

const PATIENCE_MS = 90_000;
/** The channel of a forked process, which the hub's empty environment would cut. */
const channel = { NODE_CHANNEL_FD: '3', NODE_CHANNEL_SERIALIZATION_MODE: 'json' };
/** Where the node's /var/lib/overseer/node lies on this machine. SQLite can not open a path that leads through /proc. */
const nodeData = (world: World): string => join(world.folder, 'n1/overseer/node');
/** Of containers, volumes and networks. */
const engineLists = ['ps -aq', 'volume ls -q', 'network ls -q'];
const BUILDS = 'attack-builds';

/** A lab with the shipped program: core, command line, a node with an engine, Traefik. Then evil-core takes the core's place. */
export async function startEngineWorld(shipped: string, engine: EngineVersion) {
  const world = await startWorld({ product: shipped, engines: [engine] });
  try {
    const fleet = createLabFleet(world);
    await bringUpFleet(fleet);
    await enableIngressAndDns(fleet);
    for (const running of [fleet.node(), fleet.core()]) {
      running.kill('SIGTERM');
      await running.exited;
    }
    const home = join(world.hubFolder, 'home/overseer');
    const passphrase = (await world.exec('hub', ['cat', '/run/owner/passphrase'])).stdout.trim();
    const owner = await stealDevice(home, passphrase);
    const disk = readNodeDisk(nodeData(world));
    const trust = await trustOf(disk.fleet, disk.trust);
    const nodeId = [...trust.nodes.keys()][0] ?? '';
    const image = join(world.folder, 'node-image');
    cpSync(nodeData(world), image, { recursive: true });
    const kept = [fleet.coreFolder, home].map((folder, index) => ({
      folder,
      image: join(world.folder, `kept-${index}`),
    }));
    for (const one of kept) cpSync(one.folder, one.image, { recursive: true });
    await world.exec('n1', [
      'sh',
      '-c',
      engineLists.map((list, index) => `docker ${list} > /root/kept-${index}`).join('\n'),
    ]);
    const seat = createEvilSeat(world, fleet);
    return {
      async onStage<T>(product: string, run: (stage: EngineStage) => Promise<T>): Promise<T> {
        const evil = await seat.take();
        const since = evil.mark();
        const build = keepBuild(world, product);
        const node = await startNode(world, build);
        let honest: LabFleet | undefined;
        const honestFleet = async () => {
          node.kill('SIGTERM');
          await node.exited;
          await seat.leave();
          honest = createLabFleet(world, build);
          await honest.startCore();
          await honest.startNode();
          return honest;
        };
        try {
          await endHold({ evil, since, node, nodeId, trust, by: owner });
          return await run({ ...createStage({ world, engine, fleet, owner, trust, nodeId, evil }), honestFleet });
        } finally {
          for (const running of honest ? [honest.node(), honest.core()] : [node]) {
            running.kill('SIGKILL');
            await running.exited;
          }
          if (honest) for (const one of kept) putBack(one);
          await clearAway(world, image);
        }
      },
      async stop() {
        await seat.leave();
        await world.stop();
      },
    };
  } catch (cause) {
    await world.stop();
    throw cause;
  }
}

/** The core's place in the hub, with the core's own key. */
function createEvilSeat(world: World, fleet: LabFleet) {
  const pair = {
    key: readFileSync(join(fleet.coreFolder, 'tls.key'), 'utf8'),
    cert: readFileSync(join(fleet.coreFolder, 'tls.crt'), 'utf8'),
  };
  const { coreHost: host, coreLinkPort: port } = fleet;
  let evil: EvilCore | undefined;
  return {
    async take(): Promise<EvilCore> {
      evil ??= await startEvilCore({ host, port, pair, enter: world.enter('hub', { env: channel }) });
      return evil;
    },
    async leave(): Promise<void> {
      await evil?.stop();
      evil = undefined;
    },
  };
}

function putBack({ folder, image }: { folder: string; image: string }): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  cpSync(image, folder, { recursive: true });
}

/** An owner's honest device, which is reached beside evil-core, says what is newest: the node holds until it heard so. */
async function endHold(about: {
  evil: EvilCore;
  since: number;
  node: Running;
  nodeId: string;
  trust: TrustState;
  by: OpenDevice;
}): Promise<void> {
  const { evil, since, node, nodeId, trust, by } = about;
  const hello = await evil.hear(nodeId, (said) => (said.type === 'hello' ? said : undefined), { since });
  if (hello === undefined) throw new Error(`the node did not greet evil-core:\n${node.log()}`);
  const asks = (said: NodeToCore) => (said.type === 'holding' ? (said.hold.nonce ?? undefined) : undefined);
  const nonce = await evil.hear(nodeId, asks, { since });
  if (nonce === undefined) throw new Error(`the node did not ask what is newest:\n${node.log()}`);
  const chain = { head: hello.nodeAuditHead, seq: hello.nodeAuditSeq };
  const envelope = await signStatement({ trust, by, node: nodeId, nonce, chain });
  const asked = evil.mark();
  evil.send(nodeId, { type: 'statement', envelope });
  const isFree = (said: NodeToCore) => (said.type === 'holding' && !said.hold.holding ? true : undefined);
  if (!(await evil.hear(nodeId, isFree, { since: asked })))
    throw new Error(`an honest word did not end the hold:\n${node.log()}`);
}

/** Builds lie in the world's own copy of the product: the node sees them read-only under /opt/overseer. */
function keepBuild(world: World, product: string): string {
  const build = join(BUILDS, basename(product));
  const kept = join(world.product, build);
  if (!existsSync(kept)) cpSync(product, kept, { recursive: true });
  return build;
}

const startNode = (world: World, build: string): Promise<Running> =>
  world.spawn('n1', ['node', join('/opt/overseer', build, 'overseer.mjs'), 'node', 'start'], {
    name: `node-${basename(build)}`,
  });

function createStage(about: {
  world: World;
  engine: EngineVersion;
  fleet: LabFleet;
  owner: OpenDevice;
  trust: TrustState;
  nodeId: string;
  evil: EvilCore;
}): Omit<EngineStage, 'honestFleet'> {
  const { world, owner, trust, nodeId, evil } = about;
  const docker = async (...args: string[]) => {
    const done = await world.docker(args);
    if (done.code !== 0) throw new Error(`docker ${args.join(' ')}: ${done.stderr}`);
    return done.stdout;
  };
  return {
    ...about,
    docker,
    nodePath: world.nodePath,
    async order(body, { appId = newId(), objects = [] } = {}) {
      const bytes = new TextEncoder().encode(JSON.stringify(body));
      const signed = await signRelease({
        trust,
        by: owner,
        node: nodeId,
        appId,
        number: 1,
        previous: null,
        body: bytes,
      });
      const carried = objects.map(({ hash, bytes }) => ({ hash, data: Buffer.from(bytes).toString('base64') }));
      const since = evil.mark();
      const from = performance.now();
      evil.send(nodeId, { ...releaseMessage([signed]), objects: carried });
      const said = await evil.hear(nodeId, (message) => endOf(message, signed.header), {
        since,
        timeoutMs: PATIENCE_MS,
      });
      if (said === undefined) throw new Error('the node did not end the order in time');
      const { outcome, fault } = said;
      return {
        appId,
        outcome,
        code: fault?.code ?? null,
        message: fault?.message ?? null,
        tookMs: performance.now() - from,
      };
    },
    async engineState(besides) {
      const [containers, volumes, networks] = await Promise.all([
        docker('ps', '-a', '--no-trunc', '--format', '{{.ID}} {{.Names}} {{.State}} {{.CreatedAt}}'),
        docker('volume', 'ls', '-q'),
        docker('network', 'ls', '--format', '{{.ID}} {{.Name}}'),
      ]);
      const lines = [containers, volumes, networks].flatMap((text) => text.split('\n').sort());
      return lines.filter((line) => besides === undefined || !line.includes(besides)).join('\n');
    },
    async inspect(appId) {
      const ids = (await docker('ps', '-aq', '--filter', `name=ov-${appId}-`)).split('\n').filter(Boolean);
      return ids.length === 0 ? [] : (JSON.parse(await docker('inspect', ...ids)) as Inspected[]);
    },
  };
}

type Outcome = Extract<NodeToCore, { type: 'outcome' }>;
const endOf = (message: NodeToCore, header: string): Outcome | undefined =>
  message.type === 'outcome' && message.header === header ? message : undefined;

/** The next stage starts with an engine that holds Traefik and nothing of an attack, and a node that knows of none. */
async function clearAway(world: World, image: string): Promise<void> {
  const script = [
    ...engineLists.map((list, index) => `docker ${list} | grep -vxFf /root/kept-${index} > /root/new-${index}`),
    'for c in $(cat /root/new-0); do docker rm -fv $c; done',
    'for v in $(cat /root/new-1); do docker volume rm $v; done',
    'for n in $(cat /root/new-2); do',
    '  for c in $(cat /root/kept-0); do docker network disconnect -f $n $c; done; docker network rm $n; done',
    'true',
  ].join('\n');
  await world.exec('n1', ['sh', '-c', script]);
  // Traefik looks into these folders: files are taken away one by one, the folders stay what they are.
  const disk = nodeData(world);
  for (const entry of readdirSync(disk, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !existsSync(join(image, path.slice(disk.length)))) rmSync(path);
  }
  for (const name of readdirSync(disk).filter((one) => one.startsWith('node.db'))) rmSync(join(disk, name));
  for (const name of readdirSync(image).filter((one) => one.startsWith('node.db')))
    cpSync(join(image, name), join(disk, name));
}
