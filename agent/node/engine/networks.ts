import type Docker from 'dockerode';
import { FaultError, unwrap } from '#shared/kernel/index.ts';
import type { Engine } from './engine.ts';
import { statusOf } from './engine-fault.ts';
import { readHostRoutes } from './host-routes.ts';
import { chooseSubnet } from './subnets.ts';

/** A network that must exist; subnets are chosen when it is made and stay for its life. */
export interface NetworkWish {
  readonly name: string;
  readonly prefix: 26 | 28;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** Makes networks, one at a time, so that two never choose the same subnet. */
export interface NetworkMaker {
  /** True when it had to be made. Ownership is the caller's to check before. */
  ensure(wish: NetworkWish): Promise<boolean>;
}

/** Makes networks with subnets of `range` that neither the host nor another network of the engine uses. */
export function createNetworkMaker(engine: Engine, range: string, hostRoutes = readHostRoutes): NetworkMaker {
  let queue: Promise<unknown> = Promise.resolve();
  const make = async (wish: NetworkWish): Promise<boolean> => {
    if (await engine.network(wish.name)) return false;
    const refused: string[] = [];
    for (;;) {
      const taken = [...refused, ...hostRoutes(), ...(await usedSubnets(engine.docker))];
      const subnet = unwrap(chooseSubnet(range, wish.prefix, taken));
      try {
        await engine.docker.createNetwork({
          Name: wish.name,
          Driver: 'bridge',
          Internal: wish.internal,
          Labels: { ...wish.labels },
          IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
        });
        return true;
      } catch (cause) {
        // 403: the engine sees an overlap that we do not (another program made a network just now).
        if (statusOf(cause) === 409 && (await engine.network(wish.name))) return false;
        if (statusOf(cause) !== 403 || refused.length >= 64 || cause instanceof FaultError) throw cause;
        refused.push(subnet);
      }
    }
  };
  return {
    ensure: (wish) => {
      const next = queue.then(() => make(wish));
      queue = next.catch(() => undefined);
      return next;
    },
  };
}

async function usedSubnets(docker: Docker): Promise<string[]> {
  const networks = await docker.listNetworks();
  return networks.flatMap((network) => (network.IPAM?.Config ?? []).flatMap((one) => (one.Subnet ? [one.Subnet] : [])));
}
