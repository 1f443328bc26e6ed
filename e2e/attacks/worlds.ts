import type { AttackWorld } from './row.ts';
import { replay, rollBack } from './rows/commands.ts';
import { discarded, fastForward } from './rows/numbers.ts';
import { belowThreshold, comesBack, mutualRevocation, revokedDevice } from './rows/owners.ts';
import { pollution } from './rows/prototypes.ts';
import { forgedSignatures, rewrittenJson } from './rows/signatures.ts';
import { wrongNode } from './rows/wrong-node.ts';
import { type FleetStage, startFleetWorld } from './world/fleet-world.ts';

/** Core, command line and nodes without an engine, as processes on loopback. */
export const fleetWorld = (shipped: string): AttackWorld<FleetStage> => ({
  name: 'fleet',
  rows: [
    replay,
    rollBack,
    fastForward,
    wrongNode,
    forgedSignatures,
    rewrittenJson,
    belowThreshold,
    revokedDevice,
    comesBack,
    pollution,
    mutualRevocation,
    discarded,
  ],
  start: () => startFleetWorld(shipped),
});
