import { createApplier } from './apply/applier.ts';
import type { NodeConfig } from './config.ts';
import type { Connectors } from './connectors.ts';
import type { Engine } from './engine/engine.ts';
import { createOpenings } from './openings.ts';
import type { Applier } from './reconcile/applier-port.ts';
import type { NodeContext } from './reconcile/node-context.ts';

/** The applier of this machine, bound to the node's store and its connectors. */
export function createNodeApplier(about: {
  config: NodeConfig;
  context: Pick<NodeContext, 'store' | 'fleet' | 'clock'>;
  engine: Engine;
  connectors: Connectors;
}): Applier & { readonly secretsWarning: string | null } {
  const { config, context, engine, connectors } = about;
  return createApplier({
    engine,
    composeBin: config.composeBin,
    dataDir: config.dataDir,
    runDir: config.runDir,
    fleet: context.fleet,
    ownership: context.store.ownership,
    dns: {
      get: (connector) => connectors.lazy(connector),
      all: () => connectors.ids().flatMap((id) => connectors.lazy(id) ?? []),
    },
    openings: createOpenings(context),
    clock: context.clock,
    ...(config.addressRange === undefined ? {} : { addressRange: config.addressRange }),
    onConnector: async (appId, _body, token) => {
      // The token is opened again when it is used; this copy has served to show that it can be.
      token?.fill(0);
      connectors.changed(appId);
    },
  });
}
