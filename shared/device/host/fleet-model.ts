import type { Job, NodeView } from '#shared/contracts/rest/index.ts';
import { type AppView, type FleetView, isAppEdited, type ReleaseBody } from '#shared/domain/apps/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { readAppView, readFleetView } from '../apps/find-app.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readLocalBase, type SignedRelease } from '../releases/release-chain.ts';
import type { followLines } from './follow-lines.ts';
import type { CoreLists } from './observed/core-lists.ts';

/** An entry of the fleet's index, whatever kind it is. */
export interface IndexedApp {
  readonly appId: string;
  readonly name: string;
  readonly kind: 'app' | 'ingress' | 'connector';
  /** nodeId */
  readonly node: string | null;
}

/** What this device knows of its fleet, read once and kept until it changes. */
export interface FleetModel {
  index(): FleetView;
  /** Everything that the index names, apps first. */
  all(): readonly IndexedApp[];
  find(appId: string): IndexedApp | undefined;
  view(appId: string): Result<AppView>;
  /** The last signed release that this device verified. */
  base(appId: string): SignedRelease | null;
  isEdited(appId: string): boolean;
  seen(node: string | null): NodeView | undefined;
  nodeName(node: string | null): string;
  /** The newest job of an app. */
  lastJob(appId: string): Job | undefined;
  /** The lists of the core have other jobs now. */
  jobsChanged(): void;
  /** Addresses that answer once the routes of a body stand, with the ports of the node's ingress. */
  urls(node: string | null, body: ReleaseBody | undefined): string[];
  /** Documents of the replica changed. */
  changed(docs: readonly string[]): void;
  /** Reads the last verified release of an app from the store again; `read` is what was just read with its whole chain. */
  reloadBase(appId: string, read?: SignedRelease | null): Promise<void>;
  reloadAllBases(): Promise<void>;
}

const EMPTY_FLEET: FleetView = { name: '', clashes: [], apps: [], ingresses: [], connectors: [], openings: [] };

/** Makes the model of an open fleet. */
export function createFleetModel(fleet: Fleet, replica: Replica, lists: CoreLists): FleetModel {
  let index: FleetView | undefined;
  let all: readonly IndexedApp[] | undefined;
  const views = new Map<string, Result<AppView>>();
  const bases = new Map<string, SignedRelease>();
  let jobs: Map<string, Job> | undefined;
  let follow: typeof followLines | undefined;

  const model: FleetModel = {
    index() {
      if (!index) {
        const read = readFleetView(replica);
        index = read.ok ? read.value : EMPTY_FLEET;
      }
      return index;
    },
    all() {
      all ??= listAll(model);
      return all;
    },
    find: (appId) => model.all().find((one) => one.appId === appId),
    view(appId) {
      const known = views.get(appId);
      if (known) return known;
      const read = readAppView(replica, appId);
      views.set(appId, read);
      return read;
    },
    base: (appId) => bases.get(appId) ?? null,
    isEdited(appId) {
      const view = model.view(appId);
      const base = model.base(appId);
      if (!view.ok) return false;
      const lines = base?.byAutomation ?? null;
      const app = lines === null || follow === undefined ? view.value : follow(view.value, lines);
      return isAppEdited(app, model.index(), base?.body.kind === 'app' ? base.body : null);
    },
    seen: (node) => (node === null ? undefined : lists.nodes().get(node)),
    nodeName: (node) => (node === null ? '' : (fleet.trust().nodes.get(node)?.name ?? node)),
    lastJob(appId) {
      if (!jobs) {
        jobs = new Map();
        for (const job of lists.jobs().values())
          if (job.number > (jobs.get(job.appId)?.number ?? 0)) jobs.set(job.appId, job);
      }
      return jobs.get(appId);
    },
    jobsChanged() {
      jobs = undefined;
    },
    urls(node, body) {
      if (body?.kind !== 'app' || body.state === 'removed') return [];
      return body.routes.map((route) => urlOf(model, node, route));
    },
    changed(docs) {
      for (const doc of docs) {
        if (doc === 'fleet') index = undefined;
        else views.delete(doc.slice('app:'.length));
      }
      all = undefined;
    },
    async reloadBase(appId, read) {
      const node = model.find(appId)?.node;
      const local = node ? await readLocalBase(fleet, appId, node) : undefined;
      if (!local?.ok || !local.value) return;
      const { header } = local.value;
      // REL-14: what an owner granted stands further down the chain, so what was read with it counts for longer.
      const known = [read, bases.get(appId)].find((one) => one?.header === header);
      const base = known ?? local.value;
      if (base.byAutomation) follow ??= (await import('./follow-lines.ts')).followLines;
      bases.set(appId, base);
    },
    async reloadAllBases() {
      for (const { appId } of model.all()) await model.reloadBase(appId);
    },
  };
  return model;
}

/** The address of one route. */
export function urlOf(
  model: Pick<FleetModel, 'index'>,
  node: string | null,
  route: { readonly hostname: string; readonly tls: 'acme' | 'off' },
): string {
  const ingress = model.index().ingresses.find((item) => item.node === node);
  const isSecure = route.tls === 'acme';
  const port = isSecure ? (ingress?.httpsPort ?? 443) : (ingress?.httpPort ?? 80);
  return `${isSecure ? 'https' : 'http'}://${route.hostname}${port === (isSecure ? 443 : 80) ? '' : `:${port}`}`;
}

function listAll(model: FleetModel): IndexedApp[] {
  const { apps, ingresses, connectors } = model.index();
  return [
    ...apps.map(({ appId, name }): IndexedApp => {
      const view = model.view(appId);
      return { appId, name: view.ok ? view.value.name : name, kind: 'app', node: view.ok ? view.value.node : null };
    }),
    ...ingresses.map(({ appId, node }): IndexedApp => ({ appId, name: 'ingress', kind: 'ingress', node })),
    ...connectors.map(({ appId, node, vendor }): IndexedApp => ({ appId, name: vendor, kind: 'connector', node })),
  ];
}
