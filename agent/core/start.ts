import { createLinkServer } from '#agent/link/index.ts';
import type { NodeFacts } from '#shared/contracts/link/observed.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import {
  type Clock,
  err,
  FaultError,
  ok,
  type Random,
  type Result,
  systemClock,
  systemRandom,
} from '#shared/kernel/index.ts';
import { nodeOfTlsKey } from '#shared/trust/index.ts';
import type { Core } from './core.ts';
import type { CoreFolder } from './core-folder.ts';
import { createEventHub } from './events/event-hub.ts';
import { startHttpServer } from './http/server.ts';
import { createWebSockets } from './http/web-sockets.ts';
import { createJobRunner } from './jobs/job-runner.ts';
import { createProbe, type ProbeTarget } from './jobs/probe.ts';
import { createCommandBroker } from './link/command-broker.ts';
import { createNodeBook } from './link/node-book.ts';
import { saveSighting, sendTrust, serveNode } from './link/node-links.ts';
import { loadObservedBook } from './link/observed-book.ts';
import { publishStatus } from './link/publish-status.ts';
import { createStreamBook } from './link/stream-book.ts';
import type { Log } from './log.ts';
import { createSessionBook } from './sessions/session-book.ts';
import type { CoreStore } from './store/port.ts';
import type { JobRecord } from './store/records.ts';
import { loadRowKeeper } from './sync/row-keeper.ts';
import { createThinWarnings } from './thin-warnings.ts';
import { loadTokenBook } from './tokens/token-book.ts';
import { loadTrustKeeper } from './trust/trust-keeper.ts';
import { settleDeviceRequests } from './usecases/approve-device.ts';
import { createDeviceRequestBoard } from './usecases/device-request-board.ts';
import { enforceTrust } from './usecases/enforce-trust.ts';
import { settleEnrolments } from './usecases/enrol-node.ts';
import { ingressPorts, lastReleases, urlOf } from './usecases/read-models.ts';
import { createWaitingRoom } from './usecases/waiting-room.ts';

const STATUS_CHECK_MS = 1_000;
const SIGHTING_SAVE_MS = 60_000;

export interface RunningCore {
  readonly core: Core;
  readonly httpPort: number;
  readonly linkPort: number;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly folder: CoreFolder;
  readonly store: CoreStore;
  readonly host: string;
  /** 0 takes any free port. */
  readonly httpPort: number;
  readonly linkPort: number;
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Where the built screens lie; without it none are served. */
  readonly webFolder?: string;
  /** How long the addresses of a deploy are tried, in milliseconds. */
  readonly probeBudgetMs?: number;
}

/** Puts the core together over an open store and listens. The store stays the caller's to close. */
export async function startCore(options: StartOptions): Promise<Result<RunningCore>> {
  const { folder, log } = options;
  const clock = options.clock ?? systemClock;
  let core: Core;
  try {
    core = await assembleCore(options, clock);
  } catch (error) {
    if (error instanceof FaultError) return err(error.fault);
    throw error;
  }
  const { tlsKey, tlsCert } = folder;
  const webSockets = createWebSockets(core);
  const warn = createThinWarnings(log);
  const link = await createLinkServer({
    tlsKey,
    tlsCert,
    host: options.host,
    port: options.linkPort,
    version: VERSION,
    isKnownPeer: (spki) => nodeOfTlsKey(core.trust.current(), spki)?.nodeId,
    onConnection: (connection) => serveNode(core, connection),
    trust: {
      entries: () => core.trust.current().entries,
      async receive(entries, spki) {
        try {
          if (core.trust.isNews(entries)) {
            await core.trust.extend(entries, { actor: { kind: 'node', id: spki }, action: 'trust.extend' });
          }
          return ok();
        } catch (error) {
          if (error instanceof FaultError) return err(error.fault);
          throw error;
        }
      },
    },
    onRefused: ({ fault, spki, address }) =>
      warn('A peer was refused on the link', { code: fault.code, spki, address }),
  });
  core.trust.onExtended((entries) => {
    for (const connection of link.connections.values()) sendTrust(connection, entries);
    settleDeviceRequests(core, entries);
    core.jobs.inBackground(() => enforceTrust(core, link));
    void settleEnrolments(core, entries).catch((error: unknown) =>
      log.error('Enrolments were not settled', { error: String(error) }),
    );
  });
  const http = await startHttpServer({
    core,
    tlsKey,
    tlsCert,
    host: options.host,
    port: options.httpPort,
    onUpgrade: webSockets.onUpgrade,
    webFolder: options.webFolder,
  }).catch(async (error: unknown) => {
    // A half-open core must not stay: its link port would keep the process alive.
    webSockets.close();
    await link.close();
    throw error;
  });
  await settleEnrolments(core, core.trust.current().entries);
  await enforceTrust(core, link);
  await core.jobs.resume();
  const stopWatching = watchNodes(core);
  return ok({
    core,
    httpPort: http.port,
    linkPort: link.port,
    async close() {
      stopWatching();
      webSockets.close();
      await Promise.all([http.close(), link.close()]);
      await core.jobs.idle();
    },
  });
}

async function assembleCore({ folder, store, log, random, probeBudgetMs }: StartOptions, clock: Clock): Promise<Core> {
  const trust = await loadTrustKeeper({ store, clock });
  const rows = await loadRowKeeper({ store, clock, trust: trust.current });
  const events = createEventHub(clock.nowMs() * 1_000);
  const nodes = createNodeBook(clock);
  for (const { node, at, facts } of await store.rebuildable.listSightings()) {
    nodes.remember(node, at, facts === null ? null : (JSON.parse(facts) as NodeFacts));
  }
  const send = (nodeId: string, message: Parameters<Parameters<typeof createCommandBroker>[0]>[1]): boolean =>
    nodes.connected(nodeId)?.connection.send(message) ?? false;
  const jobs = createJobRunner({
    store,
    clock,
    events,
    nodes,
    nodeName: (nodeId) => trust.current().nodes.get(nodeId)?.name ?? nodeId,
    send,
    probe: createProbe((job) => probeTargets(core, job), probeBudgetMs),
    log,
  });
  const core: Core = {
    self: { spki: folder.spki, addresses: folder.settings.addresses },
    clock,
    random: random ?? systemRandom,
    log,
    store,
    trust,
    sessions: createSessionBook(clock, random ?? systemRandom),
    tokens: await loadTokenBook({ store: store.durable, clock, trust: trust.current, log }),
    events,
    nodes,
    observed: await loadObservedBook(store.rebuildable),
    commands: createCommandBroker(send),
    streams: createStreamBook(),
    jobs,
    rows,
    enrolments: createWaitingRoom(),
    deviceRequests: createDeviceRequestBoard(clock, random ?? systemRandom),
  };
  rows.onNewRows((_rows, docs) => {
    for (const doc of docs) if (doc.startsWith('app:')) events.publish({ type: 'app', data: { appId: doc.slice(4) } });
  });
  return core;
}

/** The public addresses of the release that a job carries. */
async function probeTargets(core: Core, job: JobRecord): Promise<ProbeTarget[]> {
  const last = await lastReleases(core);
  const body = last.find(({ header }) => header.hash === job.header)?.body;
  if (body?.kind !== 'app' || body.state !== 'running') return [];
  const ports = ingressPorts(last, job.node);
  return body.routes.map((route) => {
    const record = body.dns.find((item) => item.routeId === route.routeId && item.type !== 'CNAME');
    return { url: urlOf(route, ports), fallbackAddress: record?.content ?? null };
  });
}

/** Tells watchers when a node's status changes by silence, and keeps sightings for the next start. */
function watchNodes(core: Core): () => void {
  const before = new Map<string, string>();
  const watch = setInterval(() => {
    for (const nodeId of core.nodes.seen()) {
      const status = core.nodes.status(nodeId);
      if (before.get(nodeId) !== undefined && before.get(nodeId) !== status) publishStatus(core, nodeId);
      before.set(nodeId, status);
    }
  }, STATUS_CHECK_MS);
  const save = setInterval(() => {
    for (const nodeId of core.nodes.seen()) void saveSighting(core, nodeId).catch(() => {});
  }, SIGHTING_SAVE_MS);
  watch.unref();
  save.unref();
  return () => {
    clearInterval(watch);
    clearInterval(save);
  };
}
