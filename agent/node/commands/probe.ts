import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ProbeAnswer } from '#shared/contracts/link/commands.ts';
import type { EngineVersions } from '../facts/engine-versions.ts';

/** Looks at engine, ports and addresses of this machine. `isOurs` tells ports that our own ingress holds. */
export async function probeNode(about: {
  ports: readonly number[];
  versions: () => Promise<EngineVersions>;
  isOurs(port: number): boolean;
}): Promise<ProbeAnswer> {
  const [versions, states] = [await about.versions(), await Promise.all(about.ports.map(isPortFree))];
  return {
    engine: versions.docker,
    compose: versions.compose,
    ports: about.ports.map((port, index) => ({
      port,
      state: states[index] ? 'free' : about.isOurs(port) ? 'ours' : 'taken',
    })),
    addresses: ownAddresses(),
  };
}

/** True when this process could listen there, on every address of the machine. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '::', ipv6Only: false, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Addresses of the network cards; not loopback, not link-local, not those of container bridges. */
export function ownAddresses(): string[] {
  return Object.entries(networkInterfaces())
    .filter(([name]) => !/^(docker|br-|veth|virbr|cni|flannel|podman)/.test(name))
    .flatMap(([, cards]) => cards ?? [])
    .filter((card) => !card.internal && !/^(fe80:|169\.254\.)/i.test(card.address))
    .map((card) => card.address);
}
