import type { AttackWorld } from './row.ts';
import { rewrittenAudit } from './rows/audit-logs.ts';
import { turnedClock } from './rows/clocks.ts';
import { replay, rollBack } from './rows/commands.ts';
import { freeze, oldImage, wipedState } from './rows/held-nodes.ts';
import { stolenToken } from './rows/join-tokens.ts';
import { falseGenesis, swappedKeys } from './rows/joins.ts';
import { endedCertificate, wrongKeys } from './rows/links.ts';
import { noSuchVerb } from './rows/no-such-verb.ts';
import { discarded, fastForward } from './rows/numbers.ts';
import { belowThreshold, comesBack, mutualRevocation, revokedDevice } from './rows/owners.ts';
import { pollution } from './rows/prototypes.ts';
import { forgedRows } from './rows/rows-of-documents.ts';
import { foreignCopy } from './rows/sealed-copies.ts';
import { forgedSignatures, rewrittenJson } from './rows/signatures.ts';
import { stolenCore } from './rows/stolen-core.ts';
import { twoHistories } from './rows/two-histories.ts';
import { wrongNode } from './rows/wrong-node.ts';
import { type FleetStage, startFleetWorld } from './world/fleet-world.ts';

/** Core, command line and nodes without an engine, as processes on loopback. */
export const fleetWorld = (shipped: string): AttackWorld<FleetStage> => ({
  name: 'fleet',
  rows: [
    replay,
    rollBack,
    wipedState,
    freeze,
    fastForward,
    wrongNode,
    forgedSignatures,
    rewrittenJson,
    belowThreshold,
    stolenToken,
    falseGenesis,
    revokedDevice,
    comesBack,
    wrongKeys,
    endedCertificate,
    turnedClock,
    twoHistories,
    noSuchVerb,
    pollution,
    stolenCore,
    forgedRows,
    swappedKeys,
    foreignCopy,
    oldImage,
    mutualRevocation,
    rewrittenAudit,
    discarded,
  ],
  start: () => startFleetWorld(shipped),
});
