import { createHash } from 'node:crypto';
import type { AppBody, SecretUse } from '#shared/domain/apps/index.ts';
import { listOf, type ResolvedModel, type ResolvedService, recordOf } from '#shared/domain/policies/index.ts';
import { DEFINITION_LABEL, networkName, ownLabels, projectName, RELEASE_LABEL, volumeName } from '../engine/naming.ts';
import { LAUNCHER_PATH, launcherEnvPath, withLauncher } from './launcher-use.ts';
import type { EngineModel, EngineService, PreparedImage, PreparedModel, PreparedService } from './prepared.ts';

/** What the node knows when it makes its own model out of a judged one. */
export interface ModelFacts {
  readonly appId: string;
  readonly fleet: string;
  readonly body: AppBody;
  readonly stackRoot: string;
  readonly images: ReadonlyMap<string, PreparedImage>;
  /** Maps a path relative to the stack to where its bytes lie on this node. */
  stackFile(path: string): string;
  /** Where the memory file of a secret lies on this node. */
  secretFile(name: string): string;
  readonly launcherFile: string | null;
}

/** Where a secret goes in one service: what the release says, and what the Compose file itself asks for. */
export interface SecretMount {
  readonly secret: string;
  readonly target: string;
  readonly env: string | null;
}

/** The secrets a service gets; Compose's own `secrets:` entries count as file uses. */
export function secretMountsOf(body: AppBody, name: string, service: ResolvedService): SecretMount[] {
  const mounts: SecretMount[] = [];
  const add = (mount: SecretMount) => {
    if (!mounts.some((one) => one.target === mount.target)) mounts.push(mount);
  };
  for (const secret of body.secrets)
    for (const use of secret.uses.filter((one: SecretUse) => one.service === name))
      if (use.as === 'file') add({ secret: secret.name, target: use.path, env: null });
      else add({ secret: secret.name, target: launcherEnvPath(use.env), env: use.env });
  for (const item of listOf(service.secrets)) {
    const entry = typeof item === 'string' ? { source: item, target: item } : recordOf(item);
    const source = String(entry.source ?? '');
    const target = String(entry.target ?? source);
    add({ secret: source, target: target.startsWith('/') ? target : `/run/secrets/${target}`, env: null });
  }
  return mounts;
}

/** Makes the model that goes to Compose: our names, our networks, hash-named files, memory files, digests. */
export function prepareModel(resolved: ResolvedModel, facts: ModelFacts): PreparedModel {
  const { appId } = facts;
  const volumes = new Map<string, string>();
  const networks = new Map<string, boolean>();
  const services: Record<string, EngineService> = {};
  const prepared = new Map<string, PreparedService>();
  const oneShots = findOneShots(resolved);
  const configs = configsOf(resolved, facts);
  for (const [name, service] of Object.entries(resolved.services ?? {})) {
    const image = facts.images.get(name);
    if (!image) throw new Error(`no image was pulled for ${name}`);
    const made = makeService(name, service, image, facts, volumes);
    for (const network of Object.keys(recordOf(service.networks))) {
      networks.set(network, recordOf(recordOf(resolved.networks)[network]).internal === true);
    }
    services[name] = made;
    prepared.set(name, judgeService(name, service, made, image, { facts, oneShots, configs }));
  }
  for (const [name, service] of Object.entries(services)) {
    const definition = prepared.get(name)?.definition ?? '';
    service.labels = { ...service.labels, ...ownLabels(facts.fleet, appId), [DEFINITION_LABEL]: definition };
  }
  const model: EngineModel = {
    name: projectName(appId),
    services,
    networks: mapOf(networks.keys(), (key) => ({ name: networkName(appId, key), external: true })),
    volumes: mapOf(volumes.keys(), (key) => ({ name: volumes.get(key) ?? '', external: true })),
    configs,
  };
  return {
    project: model.name,
    model,
    services: prepared,
    volumes: [...volumes.values()],
    networks: [...networks].map(([key, internal]) => ({ name: networkName(appId, key), internal })),
  };
}

/** The exact bytes for Compose. `releaseOf` names for each service the release that gave it its present definition. */
export function modelToText(prepared: PreparedModel, releaseOf: (service: string) => string): string {
  const services = Object.entries(prepared.model.services).map(([name, service]) => {
    return [name, { ...service, labels: { ...service.labels, [RELEASE_LABEL]: releaseOf(name) } }] as const;
  });
  return JSON.stringify({ ...prepared.model, services: Object.fromEntries(services) });
}

function makeService(
  name: string,
  service: ResolvedService,
  image: PreparedImage,
  facts: ModelFacts,
  volumes: Map<string, string>,
): EngineService {
  const secrets = secretMountsOf(facts.body, name, service);
  const env = secrets.flatMap((mount) => (mount.env === null ? [] : [mount.env]));
  const kept = Object.entries(service).filter(([key]) => key !== 'secrets' && !key.startsWith('x-'));
  const environment = { ...(recordOf(service.environment) as Record<string, string | null>) };
  for (const variable of env) delete environment[variable];
  const mounts = [
    ...listOf(service.volumes).map((mount) => makeMount(name, recordOf(mount), facts, volumes)),
    ...imageVolumes(name, service, image, facts, volumes),
    ...secrets.map((mount) => bind(facts.secretFile(mount.secret), mount.target)),
  ];
  if (env.length > 0 && facts.launcherFile !== null) mounts.push(bind(facts.launcherFile, LAUNCHER_PATH));
  return {
    ...Object.fromEntries(kept),
    ...(env.length > 0 ? withLauncher(service, env, image.info) : {}),
    image: image.reference,
    pull_policy: 'never',
    environment,
    labels: { ...(recordOf(service.labels) as Record<string, string>) },
    volumes: mounts,
  };
}

const bind = (source: string, target: string) => ({
  type: 'bind',
  source,
  target,
  read_only: true,
  bind: { create_host_path: false },
});

function makeMount(
  service: string,
  mount: Readonly<Record<string, unknown>>,
  facts: ModelFacts,
  volumes: Map<string, string>,
): Record<string, unknown> {
  const source = typeof mount.source === 'string' ? mount.source : '';
  const target = String(mount.target ?? '');
  if (mount.type === 'volume') {
    const key = source === '' ? pathToVolume(service, target) : source;
    volumes.set(key, volumeName(facts.appId, key));
    return { ...mount, source: key };
  }
  const inStack = `${facts.stackRoot}/`;
  if (mount.type === 'bind' && source.startsWith(inStack))
    return { ...mount, ...bind(facts.stackFile(source.slice(inStack.length)), target) };
  return mount.type === 'bind'
    ? { ...mount, bind: { ...recordOf(mount.bind), create_host_path: false } }
    : { ...mount };
}

/** A path the image declares as data and the file does not cover gets a named volume: nameless ones are nobody's. */
function imageVolumes(
  name: string,
  service: ResolvedService,
  image: PreparedImage,
  facts: ModelFacts,
  volumes: Map<string, string>,
): Record<string, unknown>[] {
  const covered = [
    ...listOf(service.volumes).map((mount) => String(recordOf(mount).target ?? '')),
    ...listOf(service.tmpfs).map((entry) => String(entry).split(':')[0] ?? ''),
  ].map((path) => path.replace(/\/+$/, ''));
  const paths = Object.keys(image.info.Config.Volumes ?? {}).map((path) => path.replace(/\/+$/, ''));
  return paths
    .filter((path) => path.startsWith('/') && !covered.includes(path))
    .map((path) => {
      const key = pathToVolume(name, path);
      volumes.set(key, volumeName(facts.appId, key));
      return { type: 'volume', source: key, target: path };
    });
}

/** A stable volume name for a mount point that has none: readable, and unique by a piece of hash. */
function pathToVolume(service: string, path: string): string {
  const plain = `${service}${path}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return `${plain}-${createHash('sha256').update(`${service}:${path}`).digest('hex').slice(0, 8)}`;
}

function configsOf(resolved: ResolvedModel, facts: ModelFacts): EngineModel['configs'] {
  return Object.fromEntries(
    Object.entries(resolved.configs ?? {}).map(([key, value]) => {
      const { name: _, file, ...config } = recordOf(value);
      const path = typeof file === 'string' ? file.slice(facts.stackRoot.length + 1) : undefined;
      return [key, path === undefined ? config : { ...config, file: facts.stackFile(path) }];
    }),
  );
}

function findOneShots(resolved: ResolvedModel): Set<string> {
  const found = new Set<string>();
  for (const service of Object.values(resolved.services ?? {}))
    for (const [name, dependency] of Object.entries(recordOf(service.depends_on)))
      if (recordOf(dependency).condition === 'service_completed_successfully') found.add(name);
  return found;
}

function judgeService(
  name: string,
  service: ResolvedService,
  made: EngineService,
  image: PreparedImage,
  about: { facts: ModelFacts; oneShots: ReadonlySet<string>; configs: EngineModel['configs'] },
): PreparedService {
  const { facts, oneShots, configs } = about;
  const replicas = Number(service.scale ?? recordOf(service.deploy).replicas ?? 1);
  const isRouted = facts.body.routes.some((route) => route.service === name);
  const keepsData = made.volumes.some((mount) => mount.type === 'volume' || mount.read_only !== true);
  const { labels: _, ...defining } = made;
  const usedConfigs = listOf(service.configs).map((use) => configs[String(recordOf(use).source ?? use)] ?? null);
  const text = JSON.stringify([defining, service.labels ?? {}, usedConfigs]);
  return {
    name,
    definition: createHash('sha256').update(text).digest('hex').slice(0, 32),
    replicas: Number.isInteger(replicas) && replicas >= 0 ? replicas : 1,
    canRunTwice: isRouted && !keepsData && listOf(service.ports).length === 0 && service.network_mode === undefined,
    isOneShot: oneShots.has(name),
    isRouted,
    dependsOn: Object.keys(recordOf(service.depends_on)),
    image,
  };
}

function mapOf<T>(keys: Iterable<string>, make: (key: string) => T): Record<string, T> {
  return Object.fromEntries([...keys].map((key) => [key, make(key)]));
}
