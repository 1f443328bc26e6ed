import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LabNode, lab, type Place, type Running, type World } from '#world/world.ts';
import { createOwnerCli, type Fleet, logShows, started } from './fleet.ts';

export { bringUpFleet, type CliAnswer, eventually, joinNode, logShows } from './fleet.ts';

/** The product as users get it: one folder that runs with Node alone. */
export const productFolder = fileURLToPath(new URL('../../dist/overseer', import.meta.url));

const HTTP_PORT = 7443;
const LINK_PORT = 7444;
const NODE_PRODUCT = '/opt/overseer';

/** Core and CLI in the hub, the agent on the node: all real processes of the built product. */
export interface LabFleet extends Fleet {
  readonly world: World;
  readonly coreUrl: string;
}

/** `overseer` in the hub, from the world's own copy of the product. */
export const hubProgram = (world: World): string[] => [process.execPath, join(world.product, 'overseer.mjs')];

/** Where the owner's secrets lie: memory of the hub, not a disk. */
const memory = '/run/owner';

/** `overseer …` as the owner runs it in the hub, for commands that go on. */
export function ownerCommand(
  fleet: Pick<LabFleet, 'world'>,
  args: readonly string[],
): { argv: string[]; env: Record<string, string> } {
  return { argv: [...hubProgram(fleet.world), ...args], env: ownerEnvironment(fleet.world) };
}

function ownerEnvironment(world: World): Record<string, string> {
  return { OVERSEER_HOME: join(world.hubFolder, 'home', 'overseer'), OVERSEER_PASSPHRASE_FILE: `${memory}/passphrase` };
}

/** Makes the handles; starts nothing. `build`: a folder inside of the world's copy of the product with another build. */
export function createLabFleet(world: World, build = ''): LabFleet {
  let core: Running | undefined;
  let node: Running | undefined;
  const ownerEnv = ownerEnvironment(world);
  const program = [process.execPath, join(world.product, build, 'overseer.mjs')];
  const nodeProgram = ['node', join(NODE_PRODUCT, build, 'overseer.mjs')];
  const coreFolder = join(world.hubFolder, 'core');
  mkdirSync(coreFolder, { recursive: true });
  const owner = createOwnerCli((args, options) =>
    world.exec('hub', [...program, ...args], { ...options, env: { ...ownerEnv, ...options.env } }),
  );

  return {
    ...owner,
    world,
    coreUrl: `https://${lab.hub.ipv4}:${HTTP_PORT}`,
    coreHost: lab.hub.ipv4,
    coreHttpPort: HTTP_PORT,
    coreLinkPort: LINK_PORT,
    coreFolder,
    recoveryFile: `${memory}/recovery`,
    async startCore() {
      // The core's machine trusts the lab's ACME root, as a real one trusts the public ones.
      const roots = join(world.hubFolder, 'acme-root.pem');
      writeFileSync(roots, await world.pebbleRoot());
      core = await world.spawn('hub', [...program, 'core', 'start', '--data', coreFolder, '--host', lab.hub.ipv4], {
        name: 'core',
        env: { NODE_EXTRA_CA_CERTS: roots },
      });
      await logShows(core, /ready in \d+ ms/);
      return core;
    },
    async startNode() {
      node = await world.spawn('n1', [...nodeProgram, 'node', 'start'], { name: 'node' });
      return node;
    },
    onNode: (args) => world.exec('n1', [...nodeProgram, ...args]),
    spawnOwner: (args, name) => world.spawn('hub', [...program, ...args], { name, env: ownerEnv }),
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

/** The same fleet with another machine as the node that it starts and asks: core, owner and n1 stay as they are. */
export function withNodeAt(fleet: LabFleet, place: Exclude<Place, 'hub'>): LabFleet {
  const { world } = fleet;
  const program = ['node', join(NODE_PRODUCT, 'overseer.mjs')];
  let node: Running | undefined;
  return {
    ...fleet,
    async startNode() {
      node = await world.spawn(place, [...program, 'node', 'start'], { name: `node-${place}` });
      return node;
    },
    onNode: (args) => world.exec(place, [...program, ...args]),
    node: () => started(node, `node on ${place}`),
  };
}

/** Traefik with the lab's ACME server, and the DNS connector with the lab's Cloudflare, on n1 unless another is named. */
export async function enableIngressAndDns(
  fleet: LabFleet,
  node: Pick<LabNode, 'name' | 'ipv4'> = fleet.world.node,
): Promise<void> {
  const { world } = fleet;
  const caFile = join(world.hubFolder, 'acme-ca.pem');
  writeFileSync(caFile, world.acme.caPem);
  const acme = ['--email', 'owner@lab.example', '--ca-server', world.acme.directory, '--ca-file', caFile];
  await fleet.ask(['ingress', 'enable', '--node', node.name, ...acme, '--public-address', node.ipv4, '--yes'], 180_000);
  const token = await fleet.memoryFile('cloudflare-token', world.cloudflare.token);
  await fleet.ask([
    'integrations',
    'cloudflare',
    'set',
    '--node',
    node.name,
    '--token-file',
    token,
    '--base-url',
    world.cloudflare.url,
    '--yes',
  ]);
  await fleet.ask(['integrations', 'cloudflare', 'test']);
}
