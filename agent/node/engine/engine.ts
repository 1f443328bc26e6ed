import Docker from 'dockerode';
import { statusOf } from './engine-fault.ts';
import { DEFINITION_LABEL, PROJECT_LABEL, projectName, SERVICE_LABEL } from './naming.ts';

/** State of a container as far as Overseer judges it. */
export interface ContainerState {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly definition: string | undefined;
  readonly status: string;
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  readonly exitCode: number;
  readonly startedAt: string;
  readonly restarts: number;
  readonly imageId: string;
  readonly image: string;
  readonly restartPolicy: string;
  /** Network name to the names it answers to there. */
  readonly networks: Readonly<Record<string, readonly string[]>>;
  readonly inspect: Docker.ContainerInspectInfo;
}

/** The node's Docker engine. Every method throws what the engine threw; `engineFault` makes a fault of it. */
export interface Engine {
  readonly docker: Docker;
  readonly socketPath: string;
  version(): Promise<{ version: string; apiVersion: string; arch: string }>;
  /** Containers of an app by its Compose project, running or not. */
  containersOf(appId: string): Promise<ContainerState[]>;
  container(id: string): Promise<ContainerState | undefined>;
  image(reference: string): Promise<Docker.ImageInspectInfo | undefined>;
  network(name: string): Promise<Docker.NetworkInspectInfo | undefined>;
  volume(name: string): Promise<Docker.VolumeInspectInfo | undefined>;
}

/**
 * Connects to the engine behind a socket. The process environment is not consulted: dockerode would let DOCKER_HOST win
 * over the socket it was told to use.
 */
export function createEngine(options: { socketPath: string }): Engine {
  const explicit = { socketPath: options.socketPath, protocol: 'http', host: undefined, port: undefined };
  const docker = new Docker({ ...explicit, ca: undefined, cert: undefined, key: undefined } as Docker.DockerOptions);
  const container = (id: string) => absent(async () => stateOf(await docker.getContainer(id).inspect()));
  return {
    docker,
    socketPath: options.socketPath,
    version: async () => {
      const about = await docker.version();
      return { version: about.Version, apiVersion: about.ApiVersion, arch: about.Arch };
    },
    containersOf: async (appId) => {
      const filters = { label: [`${PROJECT_LABEL}=${projectName(appId)}`] };
      const listed = await docker.listContainers({ all: true, filters });
      const states = await Promise.all(listed.map((one) => container(one.Id)));
      return states
        .filter((state) => state !== undefined)
        .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    },
    container,
    image: (reference) => absent(() => docker.getImage(reference).inspect()),
    network: (name) => absent(() => docker.getNetwork(name).inspect()),
    volume: (name) => absent(() => docker.getVolume(name).inspect()),
  };
}

/** Undefined where the engine says that there is no such thing. */
async function absent<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (cause) {
    if (statusOf(cause) === 404) return undefined;
    throw cause;
  }
}

function stateOf(info: Docker.ContainerInspectInfo): ContainerState {
  const labels = info.Config.Labels ?? {};
  const networks = Object.entries(info.NetworkSettings.Networks ?? {});
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ''),
    service: labels[SERVICE_LABEL] ?? '',
    labels,
    definition: labels[DEFINITION_LABEL],
    status: info.State.Status,
    health: healthOf(info.State.Health?.Status),
    exitCode: info.State.ExitCode,
    startedAt: info.State.StartedAt,
    restarts: info.RestartCount ?? 0,
    imageId: info.Image,
    image: info.Config.Image,
    restartPolicy: info.HostConfig.RestartPolicy?.Name ?? 'no',
    networks: Object.fromEntries(networks.map(([name, network]) => [name, network.Aliases ?? []])),
    inspect: info,
  };
}

function healthOf(status: string | undefined): ContainerState['health'] {
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : 'none';
}
