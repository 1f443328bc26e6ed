import type { EngineVersion } from '#world/world.ts';
import { idsOnEachEngine } from './attack-ids.ts';
import type { AttackWorld } from './row.ts';
import { rewrittenAudit } from './rows/audit-logs.ts';
import { betweenApps } from './rows/between-apps.ts';
import { turnedClock } from './rows/clocks.ts';
import { replay, rollBack } from './rows/commands.ts';
import { composeEffects } from './rows/compose-effects.ts';
import { floodsOfConnections } from './rows/floods.ts';
import { foreignNames } from './rows/foreign-names.ts';
import { freeze, oldImage, wipedState } from './rows/held-nodes.ts';
import { hidingYaml } from './rows/hiding-yaml.ts';
import { stolenToken } from './rows/join-tokens.ts';
import { falseGenesis, swappedKeys } from './rows/joins.ts';
import { leakedSecrets } from './rows/leaks.ts';
import { endedCertificate, wrongKeys } from './rows/links.ts';
import { logInjection } from './rows/log-injection.ts';
import { movedTag } from './rows/moved-tag.ts';
import { noSuchVerb } from './rows/no-such-verb.ts';
import { discarded, fastForward } from './rows/numbers.ts';
import { belowThreshold, comesBack, mutualRevocation, revokedDevice } from './rows/owners.ts';
import { privileges } from './rows/privileges.ts';
import { pollution } from './rows/prototypes.ts';
import { routeNames } from './rows/route-names.ts';
import { forgedRows } from './rows/rows-of-documents.ts';
import { foreignCopy } from './rows/sealed-copies.ts';
import { forgedSignatures, rewrittenJson } from './rows/signatures.ts';
import { stackPaths } from './rows/stack-paths.ts';
import { stolenCore } from './rows/stolen-core.ts';
import { swappedDependency } from './rows/swapped-dependency.ts';
import { twoHistories } from './rows/two-histories.ts';
import { wrongNode } from './rows/wrong-node.ts';
import { type EngineStage, startEngineWorld } from './world/engine-world.ts';
import { type FleetStage, startFleetWorld } from './world/fleet-world.ts';
import { type InstallStage, startInstallWorld } from './world/install-world.ts';

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
    floodsOfConnections,
  ],
  start: () => startFleetWorld(shipped),
});

/** The lab: a node with a real engine of this version, Traefik, DNS and ACME beside it. */
const withEngine = (
  shipped: string,
  engine: EngineVersion,
  rows: AttackWorld<EngineStage>['rows'],
): AttackWorld<EngineStage> => ({
  name: `engine ${engine}`,
  engine,
  rows,
  start: () => startEngineWorld(shipped, engine),
});

const engineRows: AttackWorld<EngineStage>['rows'] = [
  stackPaths,
  hidingYaml,
  privileges,
  movedTag,
  routeNames,
  logInjection,
  leakedSecrets,
  foreignNames,
  composeEffects,
  betweenApps,
];

export const engineWorld = (shipped: string) => withEngine(shipped, '28.5', engineRows);

/** The same with the oldest engine that is said to work, for what an engine's answers or networks can decide. */
export const oldEngineWorld = (shipped: string) =>
  withEngine(
    shipped,
    '20.10',
    engineRows.filter(({ id }) => idsOnEachEngine.includes(id)),
  );

/** npm with this repository's settings, and a registry that is not honest. */
export const installWorld: AttackWorld<InstallStage> = {
  name: 'install',
  rows: [swappedDependency],
  start: startInstallWorld,
};
