import { type CoreWorld, createCoreWorld } from './core-world.ts';
import { createTestHost, type TestHost, type TestScreen } from './test-host.ts';
import type { TestNode } from './test-node.ts';

/** A core that was claimed by one host, a node that has joined it, and a screen of that host. */
export interface HostWorld {
  readonly world: CoreWorld;
  readonly host: TestHost;
  readonly node: TestNode;
  readonly screen: TestScreen;
  /** Closes this host with the world, too. */
  add(host: TestHost): void;
  /** Ends everything. Throws when a host met what must not happen. */
  dispose(): Promise<void>;
}

export async function createHostWorld(nodeName = 'cellar'): Promise<HostWorld> {
  const world = await createCoreWorld();
  const host = await createTestHost(world);
  await host.claim();
  const node = await host.join(nodeName);
  const hosts = [host];
  return {
    world,
    host,
    node,
    screen: host.screen(),
    add: (other) => void hosts.push(other),
    async dispose() {
      node.disconnect();
      for (const one of hosts) await one.close();
      await world.dispose();
      const bugs = hosts.flatMap((one) => one.bugs);
      if (bugs.length > 0) throw new AggregateError(bugs, 'a host met what must not happen');
    },
  };
}
