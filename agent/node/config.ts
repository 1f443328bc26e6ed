import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

export interface NodeConfig {
  /** Lasts: keys, store, files of apps. */
  readonly dataDir: string;
  /** Memory: secrets of running apps, status. Gone with the power. */
  readonly runDir: string;
  readonly dockerSocket: string;
  /** The Compose plugin's binary, or the docker CLI that has it. */
  readonly composeBin: string;
  /** Range that subnets of apps are cut from, as CIDR; undefined is the built-in one. */
  readonly addressRange: string | undefined;
}

const PLUGIN_FOLDERS = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
];

/** Reads the node's settings from its environment. Fault `node.bad-config` names the variable. */
export function readNodeConfig(environment: Readonly<Record<string, string | undefined>>): Result<NodeConfig> {
  const socket = readSocket(environment.DOCKER_HOST);
  if (!socket.ok) return socket;
  return ok({
    dataDir: environment.OVERSEER_NODE_DATA || '/var/lib/overseer/node',
    runDir: environment.OVERSEER_NODE_RUN || '/run/overseer',
    dockerSocket: socket.value,
    composeBin: environment.OVERSEER_COMPOSE_BIN || findCompose(environment.HOME),
    addressRange: environment.OVERSEER_ADDRESS_RANGE || undefined,
  });
}

function readSocket(dockerHost: string | undefined): Result<string> {
  if (!dockerHost) return ok('/var/run/docker.sock');
  const path = /^unix:\/\/(\/.+)$/.exec(dockerHost)?.[1];
  if (path) return ok(path);
  return err(
    fault(
      'node.bad-config',
      'permanent',
      `DOCKER_HOST is ${dockerHost}; a node works with the engine of its own machine.`,
      'Set it to unix:///path/of/docker.sock, or leave it out.',
      { field: 'DOCKER_HOST' },
    ),
  );
}

function findCompose(home: string | undefined): string {
  const folders = [...(home ? [join(home, '.docker/cli-plugins')] : []), ...PLUGIN_FOLDERS];
  const plugin = folders.map((folder) => join(folder, 'docker-compose')).find((path) => existsSync(path));
  return plugin ?? 'docker';
}
