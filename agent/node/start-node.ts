import {
  err,
  type Fault,
  fault,
  isoTime,
  ok,
  type Result,
  randomId,
  systemClock,
  systemRandom,
} from '#shared/kernel/index.ts';
import { createAgentLog } from './agent-log.ts';
import { createNodeAudit } from './audit/node-audit.ts';
import { createCommandRunner } from './commands/command-runner.ts';
import { probeNode } from './commands/probe.ts';
import { createRestarter } from './commands/restart.ts';
import type { NodeConfig } from './config.ts';
import { type ConnectorFactory, createConnectors } from './connectors.ts';
import { createEngine } from './engine/engine.ts';
import { FLEET_LABEL } from './engine/naming.ts';
import type { NodeIdentityKeys } from './enrol/identity.ts';
import { createEngineVersions } from './facts/engine-versions.ts';
import { createFactsReader } from './facts/node-facts.ts';
import { createHoldKeeper } from './holding/hold-keeper.ts';
import { createTimeFloor } from './holding/time-floor.ts';
import { type LinkStatus, type NodeLink, startNodeLink } from './link/node-link.ts';
import { createTrustHolder } from './link/trust-holder.ts';
import { createNodeApplier } from './node-applier.ts';
import { watchEngine } from './reconcile/engine-events.ts';
import type { NodeContext } from './reconcile/node-context.ts';
import { createReconciler } from './reconcile/reconciler.ts';
import { storedBody } from './reconcile/release-request.ts';
import { writeStatusFile } from './status-file.ts';
import type { NodeStore } from './store/node-store.ts';

export interface RunningNode {
  /** Reads the trust log of the store anew. */
  reloadTrust(): Promise<void>;
  /** Takes the agent down; containers keep running. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly config: NodeConfig;
  readonly store: NodeStore;
  readonly identity: NodeIdentityKeys;
  readonly connectorFactories: Readonly<Record<'cloudflare', ConnectorFactory>>;
  log(line: string): void;
}

/** Starts a node that has joined. Fault `node.not-joined` when it has not. */
export async function startNode(options: StartOptions): Promise<Result<RunningNode>> {
  const { config, store, identity } = options;
  const agentLog = createAgentLog(systemClock, options.log);
  const { log } = agentLog;
  const fleet = store.setting('fleet');
  if (fleet === undefined) return err(notJoined());
  const trust = await createTrustHolder(fleet, store.trust);
  if (!trust.ok) return trust;

  const timeFloor = createTimeFloor({ trust: trust.value, store, clock: systemClock, log });
  const { clock } = timeFloor;
  let link: NodeLink | undefined;
  const audit = createNodeAudit({
    store,
    signer: identity.signer,
    fleet,
    clock,
    trustHead: () => trust.value.state.head,
    coreAuditHead: () => store.setting('core-audit-head') ?? null,
  });
  const hold = createHoldKeeper({
    nodeId: identity.nodeId,
    trust: trust.value,
    audit,
    store,
    clock,
    timeFloor,
    random: systemRandom,
    log,
  });
  const context: NodeContext = {
    fleet,
    identity,
    store,
    trust: trust.value,
    audit,
    hold,
    clock,
    timeFloor,
    send: (message) => link?.send(message) ?? false,
    log,
  };
  const session = randomId(systemRandom);
  const engine = createEngine({ socketPath: config.dockerSocket });
  const connectors = createConnectors(context, options.connectorFactories);
  // Beside the engine only the machine's own clock counts: what a container wrote since then is asked by it.
  const applier = createNodeApplier({ config, context: { ...context, clock: systemClock }, engine, connectors });
  if (applier.secretsWarning !== null) log(applier.secretsWarning);
  const versions = createEngineVersions({ socketPath: config.dockerSocket, composeBin: config.composeBin });
  const facts = createFactsReader({ dataDir: config.dataDir, versions });
  const reconciler = createReconciler(context, applier);
  const restart = createRestarter({ engine, fleet, ownership: store.ownership });
  const commands = createCommandRunner(context, session, {
    applier,
    restart: (appId, service) => reconciler.inTurn(appId, () => restart(appId, service)),
    probe: (ports) => probeNode({ ports, versions, isOurs: (port) => ownIngressPorts(context).has(port) }),
    connector: (appId) => connectors.get(appId),
    agentLogs: agentLog.read,
  });

  const startedAt = isoTime(clock);
  const onStatus = (status: LinkStatus): void =>
    writeStatusFile(config.runDir, { pid: process.pid, startedAt, link: status, hold: hold.view() });
  onStatus({ connected: false, lastHeartbeatAt: null, lastFault: null });
  link = startNodeLink({ context, session, facts, reconciler: () => reconciler, commands: () => commands, onStatus });
  const events = watchEngine({
    socketPath: config.dockerSocket,
    label: `${FLEET_LABEL}=${fleet}`,
    onEvent: reconciler.engineEvent,
    onBack: reconciler.engineBack,
  });
  timeFloor.start();
  reconciler.resume();
  log(`Node ${store.setting('name') ?? ''} (${identity.nodeId}) of fleet ${fleet.slice(0, 12)} runs.`);

  return ok({
    async reloadTrust() {
      const read = await trust.value.reload();
      log(read.ok ? 'The trust log was read anew.' : `The trust log was not read anew: ${read.error.message}`);
    },
    async stop() {
      events.stop();
      await reconciler.stop();
      hold.stop();
      timeFloor.stop();
      link?.stop();
    },
  });
}

/** Ports that the running ingress release of this node publishes. */
function ownIngressPorts(context: NodeContext): Set<number> {
  const ports = new Set<number>();
  for (const appId of context.store.releases.appIds()) {
    const release = context.store.releases.running(appId);
    const body = release && storedBody(context, release);
    if (body?.ok && body.value.kind === 'ingress' && body.value.state === 'running') {
      ports.add(body.value.httpPort).add(body.value.httpsPort);
    }
  }
  return ports;
}

function notJoined(): Fault {
  return fault(
    'node.not-joined',
    'permanent',
    'This node belongs to no fleet yet.',
    'Run `overseer nodes token` on a device, then `overseer node join TOKEN` here.',
  );
}
