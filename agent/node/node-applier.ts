import { FaultError, fault } from '#shared/kernel/index.ts';
import type { NodeConfig } from './config.ts';
import type { Connectors } from './connectors.ts';
import type { Engine } from './engine/engine.ts';
import type { Applier } from './reconcile/applier-port.ts';
import type { NodeContext } from './reconcile/node-context.ts';

export function createNodeApplier(_about: {
  config: NodeConfig;
  context: Pick<NodeContext, 'store' | 'identity' | 'fleet' | 'clock'>;
  engine: Engine;
  connectors: Connectors;
}): Applier {
  const absent = () => {
    throw new FaultError(fault('engine.absent', 'transient', 'no engine', 'wait'));
  };
  return {
    apply: async () => absent(),
    repair: async () => absent(),
    observe: async () => absent(),
    restoreSecrets: async () => {},
    logs: () => absent(),
    volumes: async () => absent(),
  } as unknown as Applier;
}
