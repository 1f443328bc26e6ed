import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#shared/kernel/index.ts';
import type { NodeConfig } from './config.ts';
import { type ConnectorFactory, createConnectors } from './connectors.ts';
import { createEngine } from './engine/engine.ts';
import { loadIdentity } from './enrol/identity.ts';
import { createNodeApplier } from './node-applier.ts';
import { runningRequests } from './reconcile/reconciler.ts';
import { openNodeStore } from './store/node-store.ts';

/**
 * `overseer node restore-secrets`: writes the memory files of all running apps from the node's own sealed copies, with
 * neither engine nor core. A oneshot unit runs it before docker.service: Docker gives up on a container whose mounted
 * file is absent. A node that has not joined has nothing to restore. Exit code 1 when a secret could not be opened.
 */
export async function restoreSecrets(
  config: NodeConfig,
  factories: Readonly<Record<'cloudflare', ConnectorFactory>>,
  log: (line: string) => void,
): Promise<number> {
  if (!existsSync(join(config.dataDir, 'node.db'))) return 0;
  const identity = await loadIdentity(config.dataDir);
  const store = openNodeStore(config.dataDir);
  try {
    const fleet = store.setting('fleet');
    if (identity === undefined || fleet === undefined) return 0;
    const part = { store, identity, fleet };
    const connectors = createConnectors(part, factories);
    const engine = createEngine({ socketPath: config.dockerSocket });
    const applier = createNodeApplier({ config, context: { ...part, clock: systemClock }, engine, connectors });
    const requests = runningRequests(part);
    let failed = 0;
    for (const request of requests) {
      try {
        await applier.restoreSecrets([request]);
      } catch (cause) {
        // The others must not wait for one that can not be opened.
        failed += 1;
        log(`Secrets of ${request.body.name}: ${cause instanceof Error ? cause.message : String(cause)}`);
      }
    }
    log(`Secrets of ${requests.length - failed} apps are in memory again.`);
    return failed === 0 ? 0 : 1;
  } finally {
    store.close();
  }
}
