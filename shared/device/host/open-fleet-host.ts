import type { z } from 'zod';
import type {
  AppRow,
  DeviceRequest,
  DeviceRow,
  Invitation,
  JobRow,
  NodeRow,
  ProposalRow,
  RouteRow,
  SecretRow,
  TopicName,
  topics,
} from '#shared/contracts/ipc/index.ts';
import type { CoreEvent } from '#shared/contracts/rest/index.ts';
import { type Fault, fault, isoTime, ok, type Result } from '#shared/kernel/index.ts';
import { isOwnerDevice } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { admitNode, isKnocking } from '../nodes/admit-node.ts';
import { openTokens, tokensByHash } from '../nodes/enrolment-tokens.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { isEnded } from '../releases/job-end.ts';
import { readBase } from '../releases/release-chain.ts';
import { openingsOf } from '../settings/openings.ts';
import { type ContactView, type CoreContact, openCoreContact } from './contact/core-contact.ts';
import type { FleetHost } from './fleet-host.ts';
import { createFleetModel, type IndexedApp, urlOf } from './fleet-model.ts';
import { createLiveCollection } from './live/live-collection.ts';
import { createLiveViews } from './live/live-views.ts';
import type { Sink } from './live/sink.ts';
import { followAgentLogs, followLogs } from './logs/follow-logs.ts';
import { createLookout } from './lookout.ts';
import type { Notices } from './notices.ts';
import { createCoreLists } from './observed/core-lists.ts';
import { listPending } from './plans/list-pending.ts';
import { createPlanBook } from './plans/plan-book.ts';
import { refusedNotice } from './plans/refused-edits.ts';
import type { HostPorts } from './ports.ts';
import { createAppDetails } from './rows/app-detail.ts';
import { toAppRow } from './rows/app-row.ts';
import { listDeviceRequests } from './rows/device-requests.ts';
import { toDeviceRows } from './rows/device-rows.ts';
import { toInvitations } from './rows/invitation-rows.ts';
import { toNodeRow } from './rows/node-row.ts';
import { toProposalRows } from './rows/proposal-rows.ts';
import { createRemovedReaders } from './rows/removed-readers.ts';
import { toRouteRows } from './rows/route-row.ts';
import { toSecretRows } from './rows/secret-rows.ts';
import { createSharedCopies } from './shared-copies.ts';
import { createViewDocuments } from './view/view-documents.ts';

/** Changes that come together are shown together. */
const GATHER_MS = 16;
/** How long after a change what was heard of the core is written down for the next start, in milliseconds. */
const MEMO_AFTER_MS = 2_000;
const MEMO_LISTS = 'host:lists';
const MEMO_LEVEL = 'host:level-at';
/** Releases that are read from the core at the same time. */
const READ_AT_ONCE = 4;

export interface FleetHostListener {
  onContact(view: ContactView): void;
  /** At each connection, once rows and lists are level. */
  onReached(): Promise<void>;
  /** Something that `session` shows has changed. */
  onSession(): void;
  /** The trust log no longer names this device. */
  onRemoved(): void;
}

/** A fleet that is open, with everything that screens follow of it. */
export interface OpenFleetHost extends FleetHost {
  levelAt(): string | null;
  waitingIntents(): number;
  subscribe(topic: TopicName, params: Readonly<Record<string, unknown>>, sink: Sink): () => void;
  close(): Promise<void>;
}

/** Params of a topic, after its schema has checked them. */
type TopicParamsOf<N extends TopicName> = z.output<(typeof topics)[N]['params']>;

/** Opens the screens' side of a fleet: works with what is here at once, and with the core as soon as it answers. */
export async function openFleetHost(
  ports: HostPorts,
  context: DeviceContext,
  fleet: Fleet,
  notices: Notices,
  listener: FleetHostListener,
): Promise<Result<OpenFleetHost>> {
  const replica = await fleet.replica();
  if (!replica.ok) return replica;
  const host = await createFleetHost(ports, context, { fleet, replica: replica.value, notices }, listener);
  return ok(host);
}

async function createFleetHost(
  ports: HostPorts,
  context: DeviceContext,
  about: Pick<FleetHost, 'fleet' | 'replica' | 'notices'>,
  listener: FleetHostListener,
): Promise<OpenFleetHost> {
  const { clock, timers, random } = context;
  const { fleet, replica, notices } = about;
  const { store } = fleet;
  const lists = createCoreLists(await store.memo(MEMO_LISTS));
  const model = createFleetModel(fleet, replica, lists);
  await model.reloadAllBases();
  let levelAt = (await store.memo(MEMO_LEVEL)) ?? null;
  let waiting: ReadonlySet<string> = new Set();
  let contact: CoreContact | undefined;
  let isClosed = false;

  const views = createViewDocuments({ replica, clock, timers, random, onRefused: notices.add });
  const nodes = createLiveCollection<NodeRow>();
  const apps = createLiveCollection<AppRow>();
  const jobs = createLiveCollection<JobRow>();
  const routes = createLiveCollection<RouteRow>();
  const secrets = createLiveCollection<SecretRow>();
  const devices = createLiveCollection<DeviceRow>();
  const invitations = createLiveCollection<Invitation>();
  const deviceRequests = createLiveCollection<DeviceRequest>();
  const proposals = createLiveCollection<ProposalRow>();
  const collections = { nodes, apps, jobs, routes, secrets, devices, invitations, deviceRequests, proposals };

  const host: OpenFleetHost = {
    ports,
    context,
    fleet,
    replica,
    lists,
    model,
    views,
    notices,
    plans: createPlanBook(),
    copies: createSharedCopies({ fleet, model, isOnline: () => host.isOnline(), onFault: notices.add }),
    contact: () => contact as CoreContact,
    isOnline: () => contact?.view().state === 'reachable',
    levelAt: () => levelAt,
    waitingIntents: () => waiting.size,
    refresh: (some) => markDirty(some ?? 'all'),
    invitationsChanged: () => showInvitations(),
    async intentsChanged() {
      waiting = new Set((await store.intents('waiting')).map(({ appId }) => appId));
      markDirty([...waiting]);
    },
    secretsOf: (appId) => secrets.rows().filter((row) => row.appId === appId),
    subscribe(topic, params, sink) {
      const collection = Object.hasOwn(collections, topic) ? collections[topic as keyof typeof collections] : undefined;
      if (collection) return collection.subscribe(sink);
      switch (topic) {
        case 'app':
          return appDetails.subscribe(String(params.appId), sink);
        case 'plan':
          return plansOf.subscribe(String(params.appId), sink);
        case 'job':
          return jobDetails.subscribe(String(params.jobId), sink);
        case 'pending':
          return pending.subscribe('', sink);
        case 'logs':
          return followLogs(host, params as TopicParamsOf<'logs'>, sink);
        case 'nodeLogs':
          return followAgentLogs(host, params as TopicParamsOf<'nodeLogs'>, sink);
        default:
          sink.end(noTopic(topic));
          return () => undefined;
      }
    },
    async close() {
      isClosed = true;
      callOff?.();
      lookout.close();
      stopWatching();
      await views.close();
      await contact?.stop();
      await saveMemo();
    },
  };

  const appDetails = createLiveViews(createAppDetails(host, apps.get), ports.onBug);
  const plansOf = createLiveViews(async (appId) => {
    const { planEdits } = await import('./plans/plan-edits.ts');
    const plan = planEdits(host, appId);
    return ok(plan.ok ? { plan: plan.value?.view ?? null, fault: null } : { plan: null, fault: plan.error });
  }, ports.onBug);
  const jobDetails = createLiveViews(async (jobId) => {
    const known = lists.jobs().get(jobId);
    if (known) return ok(known);
    return fleet.client.call('showJob', { params: { id: jobId } });
  }, ports.onBug);
  const pending = createLiveViews(async () => ok(await listPending(host)), ports.onBug);

  // What is shown: worked out anew for what changed, a little later, so that a burst is one change.
  let dirty: Set<string> | 'all' | undefined;
  let callOff: (() => void) | undefined;
  const markDirty = (what: readonly string[] | 'all'): void => {
    if (isClosed) return;
    if (what === 'all' || dirty === 'all') dirty = 'all';
    else dirty = new Set([...(dirty ?? []), ...what]);
    callOff ??= timers.after(GATHER_MS, () => {
      callOff = undefined;
      const what = dirty;
      dirty = undefined;
      if (what && !isClosed) show(what);
    });
  };

  const rowOf = (entry: IndexedApp): AppRow => {
    const { appId, name, kind, node } = entry;
    const view = kind === 'app' ? model.view(appId) : undefined;
    const base = model.base(appId);
    return toAppRow({
      appId,
      name,
      kind,
      node,
      nodeName: model.nodeName(node),
      view: view?.ok ? view.value : undefined,
      base,
      seen: model.seen(node),
      job: model.lastJob(appId),
      isEdited: kind === 'app' ? model.isEdited(appId) : base === null,
      isWaiting: waiting.has(appId),
      urls: model.urls(node, base?.body),
    });
  };

  const routesOf = ({ appId, node }: IndexedApp): RouteRow[] => {
    const body = model.base(appId)?.body;
    if (body?.kind !== 'app' || node === null) return [];
    return toRouteRows({
      appId,
      node,
      nodeName: model.nodeName(node),
      body,
      observed: model.seen(node)?.observed?.apps.find((app) => app.appId === appId),
      urlOf: (route) => urlOf(model, node, route),
    });
  };

  const removedReaders = createRemovedReaders(clock, () => fleet.trust());
  const secretsOf = ({ appId, kind, node }: IndexedApp): SecretRow[] => {
    const view = kind === 'app' ? model.view(appId) : undefined;
    if (!view?.ok) return [];
    return toSecretRows({
      view: view.value,
      nodeName: model.nodeName(node),
      base: model.base(appId),
      observed: model.seen(node)?.observed?.apps.find((app) => app.appId === appId),
      canReveal: canReveal(),
      removedReaders,
    });
  };
  const canReveal = (): boolean =>
    fleet.device.ageIdentity !== null && isOwnerDevice(fleet.trust(), fleet.device.deviceId);

  const showNodes = (): void => {
    const index = model.index();
    const { ingresses, connectors } = index;
    const released = new Set(
      model
        .all()
        .filter(({ appId }) => model.base(appId) !== null)
        .map(({ appId }) => appId),
    );
    const byNode = Map.groupBy(model.all(), ({ node }) => node);
    nodes.replace(
      [...fleet.trust().nodes.values()].map(({ nodeId, name }) =>
        toNodeRow({
          nodeId,
          name,
          seen: model.seen(nodeId),
          apps: (byNode.get(nodeId) ?? []).map((one) => ({ appId: one.appId, name: one.name, kind: one.kind })),
          ingress: ingresses.find(({ node }) => node === nodeId),
          connectors: connectors.filter(({ node }) => node === nodeId),
          openings: openingsOf(index, nodeId),
          released,
        }),
      ),
    );
  };

  const show = (what: ReadonlySet<string> | 'all'): void => {
    if (what === 'all') {
      const all = model.all();
      apps.replace(all.map(rowOf));
      routes.replace(all.flatMap(routesOf));
      secrets.replace(all.flatMap(secretsOf));
      devices.replace(toDeviceRows(fleet.trust(), fleet.device.deviceId));
      deviceRequests.replace(listDeviceRequests(host));
      proposals.replace(toProposalRows(host));
      appDetails.refresh();
      plansOf.refresh();
    } else {
      for (const appId of what) showApp(appId);
    }
    showNodes();
    pending.refresh();
    listener.onSession();
  };
  const showApp = (appId: string): void => {
    const entry = model.find(appId);
    const keep = <Row extends { id: string; appId: string }>(rows: readonly Row[], fresh: readonly Row[]) =>
      rows.filter((row) => row.appId === appId && !fresh.some(({ id }) => id === row.id)).map(({ id }) => id);
    const [freshRoutes, freshSecrets] = entry ? [routesOf(entry), secretsOf(entry)] : [[], []];
    apps.change(entry ? [rowOf(entry)] : [], entry ? [] : [appId]);
    routes.change(freshRoutes, keep(routes.rows(), freshRoutes));
    secrets.change(freshSecrets, keep(secrets.rows(), freshSecrets));
    appDetails.refresh(appId);
    plansOf.refresh(appId);
  };

  const showJobs = (): void =>
    jobs.replace([...lists.jobs().values()].map(({ steps: _, ...row }) => row satisfies JobRow));
  const showInvitations = async (): Promise<void> => {
    invitations.replace(await toInvitations(host));
  };

  /** A server that came with a token of this device is let in at once: its proof is what counts. */
  const levelInvitations = async (): Promise<void> => {
    await showInvitations();
    const tokens = await openTokens(context, fleet);
    const byHash = await tokensByHash(tokens);
    for (const enrolment of lists.enrolments().values()) {
      if (!isKnocking(enrolment, byHash) || admitting.has(enrolment.enrolment)) continue;
      admitting.add(enrolment.enrolment);
      const admitted = await admitNode(context, fleet, enrolment, tokens);
      if (!admitted.ok) notices.add(admitted.error);
      admitting.delete(enrolment.enrolment);
      markDirty('all');
    }
  };
  const admitting = new Set<string>();

  // Releases that others signed: the reports and jobs of the core tell of them, their signatures decide.
  const toRead = new Set<string>();
  let reading = 0;
  const wantBase = (appId: string): void => {
    toRead.add(appId);
    readMore();
  };
  const readMore = (): void => {
    for (const appId of toRead) {
      if (reading >= READ_AT_ONCE) return;
      toRead.delete(appId);
      reading++;
      void readOne(appId).finally(() => {
        reading--;
        readMore();
      });
    }
  };
  const readOne = async (appId: string): Promise<void> => {
    const node = model.find(appId)?.node;
    if (!node || isClosed) return;
    try {
      const base = await readBase(fleet, clock, appId, node);
      if (!base.ok && base.error.kind !== 'transient') notices.add(base.error);
      await model.reloadBase(appId, base.ok ? base.value : null);
      markDirty([appId]);
    } catch (error) {
      ports.onBug(error);
    }
  };
  const wantNewBases = (): void => {
    for (const { appId, node } of model.all()) if (isBehind(appId, node)) wantBase(appId);
  };
  const isBehind = (appId: string, node: string | null): boolean => {
    const base = model.base(appId);
    const job = model.lastJob(appId);
    const accepted = model.seen(node)?.observed?.apps.find((app) => app.appId === appId)?.accepted;
    const newest = [job, accepted].filter((one) => one && one.number >= (base?.number ?? 0));
    return newest.some((one) => one?.header !== base?.header);
  };

  let callOffMemo: (() => void) | undefined;
  const saveMemo = async (): Promise<void> => {
    callOffMemo?.();
    callOffMemo = undefined;
    try {
      await store.saveMemo(MEMO_LISTS, lists.toMemo());
    } catch (error) {
      ports.onBug(error);
    }
  };
  const memoSoon = (): void => {
    callOffMemo ??= timers.after(MEMO_AFTER_MS, () => void saveMemo());
  };

  const lookout = createLookout(ports, context, fleet, notices);

  const onEvent = (event: CoreEvent): void => {
    const change = lists.take(event);
    if (change.jobs) {
      model.jobsChanged();
      const touched = change.jobs.flatMap((id) => lists.jobs().get(id) ?? []);
      jobs.change(touched.map(({ steps: _, ...row }) => row));
      // What its node has written by now: this device is a witness of it.
      lookout.lookAfter(touched.filter(isEnded).map(({ node }) => node));
      for (const { id, appId, node } of touched) {
        jobDetails.refresh(id);
        if (isBehind(appId, node)) wantBase(appId);
      }
      markDirty(touched.map(({ appId }) => appId));
    }
    if (change.app) {
      const entry = model.find(change.app);
      if (entry && isBehind(entry.appId, entry.node)) wantBase(entry.appId);
      markDirty([change.app]);
    }
    if (change.nodes) {
      // Its apps show whether their node is heard; its load is in its own row alone.
      if (event.type === 'node') {
        if (event.data.hold?.nonce) lookout.lookAfter([event.data.nodeId]);
        markDirty('all');
      } else showNodes();
    }
    if (change.deviceRequests) deviceRequests.replace(listDeviceRequests(host));
    if (change.proposals) proposals.replace(toProposalRows(host));
    if (change.enrolments) void levelInvitations().catch(ports.onBug);
    memoSoon();
  };

  const stopWatching = replica.watch((docs) => {
    views.changed(docs);
    model.changed(docs);
    contact?.push();
    lookout.compareSoon();
    void host.copies.share(docs.map((doc) => doc.slice('app:'.length))).catch(ports.onBug);
    if (docs.includes('fleet')) markDirty('all');
    else markDirty(docs.map((doc) => doc.slice('app:'.length)));
  });

  await host.intentsChanged();
  show('all');
  showJobs();
  await showInvitations();
  contact = openCoreContact(context, fleet, replica, {
    onContact(view) {
      listener.onContact(view);
      plansOf.refresh();
      pending.refresh();
    },
    async readLists() {
      const read = await lists.read(fleet.client, clock);
      if (!read.ok) return read;
      model.jobsChanged();
      showJobs();
      jobDetails.refresh();
      void levelInvitations().catch(ports.onBug);
      lookout.vouchFor([...lists.nodes().values()]);
      wantNewBases();
      markDirty('all');
      memoSoon();
      return ok();
    },
    onEvent,
    async onReached() {
      levelAt = isoTime(clock);
      await store.saveMemo(MEMO_LEVEL, levelAt);
      await listener.onReached();
      void host.copies.share().catch(ports.onBug);
      if (waiting.size > 0) {
        const { flushIntents } = await import('./plans/confirm-plan.ts');
        await flushIntents(host);
        await host.intentsChanged();
      }
      markDirty('all');
    },
    onTrust() {
      if (!fleet.trust().devices.has(fleet.device.deviceId)) return listener.onRemoved();
      lookout.compareSoon();
      markDirty('all');
    },
    onRefused: notices.add,
    onAside(edits) {
      for (const edit of edits) notices.add(refusedNotice(host, edit));
      pending.refresh();
    },
  });
  return host;
}

function noTopic(topic: string): Fault {
  return fault('bridge.bug', 'permanent', `this device has no ${topic}`, 'Reload the page.');
}
