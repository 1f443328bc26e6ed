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

/** False when something listens there on any address. A low port this user may not open can still be the engine's. */
export async function isPortFree(port: number): Promise<boolean> {
  const both = await tryListen({ port, host: '::', ipv6Only: false });
  const noIpv6 = both === 'EAFNOSUPPORT' || both === 'EADDRNOTAVAIL';
  return (noIpv6 ? await tryListen({ port, host: '0.0.0.0' }) : both) !== 'EADDRINUSE';
}

/** The error code of listening, or null when it worked. */
function tryListen(where: { port: number; host: string; ipv6Only?: boolean }): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? 'unknown'));
    server.listen({ ...where, exclusive: true }, () => server.close(() => resolve(null)));
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
