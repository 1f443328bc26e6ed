import type { AttackWorld } from './row.ts';
import { replay, rollBack } from './rows/commands.ts';
import { forgedSignatures, rewrittenJson } from './rows/signatures.ts';
import { wrongNode } from './rows/wrong-node.ts';
import { type FleetStage, startFleetWorld } from './world/fleet-world.ts';

/** Core, command line and nodes without an engine, as processes on loopback. */
export const fleetWorld = (shipped: string): AttackWorld<FleetStage> => ({
  name: 'fleet',
  rows: [replay, rollBack, wrongNode, forgedSignatures, rewrittenJson],
  start: () => startFleetWorld(shipped),
});
