import type { AppReleasesResponse, AppSummary, NodeView, RouteView } from '#shared/contracts/rest/index.ts';
import type { ReleaseBody } from '#shared/domain/apps/index.ts';
import { FaultError, fault } from '#shared/kernel/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import type { Core } from '../core.ts';
import { parseReleaseBody } from '../jobs/release-message.ts';
import type { StoredHeader, StoredNodeAudit } from '../store/records.ts';
import type { Reach } from './caller.ts';

interface LastRelease {
  readonly header: StoredHeader;
  readonly body: ReleaseBody | null;
}

/** The nodes of the trust log with what the core sees of them and the asker may. */
export async function listNodes(core: Core, reach: Reach): Promise<NodeView[]> {
  const nodes = [...core.trust.current().nodes.values()].filter(({ nodeId }) => reach.node(nodeId));
  const heads = await core.store.durable.read.nodeAuditHeads(nodes.map(({ nodeId }) => nodeId));
  return nodes.map((node) => viewOf(core, reach, node, heads.get(node.nodeId)));
}

function viewOf(core: Core, reach: Reach, node: NodeIdentity, newest: StoredNodeAudit | undefined): NodeView {
  return {
    nodeId: node.nodeId,
    name: node.name,
    status: core.nodes.status(node.nodeId),
    lastSeenAt: core.nodes.lastSeenAt(node.nodeId),
    session: core.nodes.connected(node.nodeId)?.session ?? null,
    facts: core.nodes.facts(node.nodeId),
    observed: observedWithin(core, reach, node.nodeId),
    hold: core.nodes.connected(node.nodeId)?.hold ?? null,
    // An entry says what was done to which app.
    newestEntry: reach.isAll ? (newest?.envelope ?? null) : null,
  };
}

function observedWithin(core: Core, reach: Reach, nodeId: string): NodeView['observed'] {
  const observed = core.observed.get(nodeId);
  if (observed === undefined) return null;
  return reach.isAll ? observed : { ...observed, apps: observed.apps.filter(({ appId }) => reach.app(appId, nodeId)) };
}

/** One node. */
export async function showNode(core: Core, reach: Reach, id: string): Promise<NodeView> {
  const found = reach.node(id) ? core.trust.current().nodes.get(id) : undefined;
  if (found !== undefined) return viewOf(core, reach, found, await core.store.durable.read.nodeAuditHead(id));
  throw new FaultError(
    fault(
      'node.unknown',
      'permanent',
      `There is no node ${id} in this fleet.`,
      '`overseer nodes list` shows all nodes.',
      { field: 'id' },
    ),
  );
}

/** The apps within reach: those with a document and those with a release. */
export async function listApps(core: Core, reach: Reach): Promise<AppSummary[]> {
  const last = await lastReleases(core);
  const documents = core.rows.documents().filter((doc) => doc.startsWith('app:'));
  const ids = new Set([...documents.map((doc) => doc.slice(4)), ...last.map(({ header }) => header.appId)]);
  const apps = [...ids].map((appId) => appSummary(core, appId, last));
  return apps.filter(({ appId, node }) => reach.app(appId, node)).sort((a, b) => a.name.localeCompare(b.name));
}

/** One app. */
export async function showApp(core: Core, reach: Reach, appId: string): Promise<AppSummary> {
  const found = (await listApps(core, reach)).find((app) => app.appId === appId);
  if (found === undefined) throw new FaultError(unknownApp(appId));
  return found;
}

/** Every signed header of an app; a device checks them itself. */
export async function listReleases(core: Core, appId: string): Promise<AppReleasesResponse> {
  const headers = await core.store.durable.read.listHeaders({ appId });
  const held = await core.store.durable.read.heldObjects(headers.map((header) => header.body));
  return {
    headers: headers.map((header) => header.envelope as never),
    bodies: Object.fromEntries(headers.map((header) => [header.body, held.has(header.body)])),
  };
}

/** The public names of running apps within reach. */
export async function listRoutes(core: Core, reach: Reach): Promise<RouteView[]> {
  const last = await lastReleases(core);
  return last.flatMap(({ header, body }) => {
    if (body?.kind !== 'app' || body.state === 'removed' || !reach.app(header.appId, header.node)) return [];
    const observed = core.observed.app(header.node, header.appId);
    return body.routes.map((route): RouteView => {
      const seen = observed?.routes.find((item) => item.routeId === route.routeId);
      const records = body.dns.filter((record) => record.routeId === route.routeId);
      return {
        routeId: route.routeId,
        appId: header.appId,
        appName: body.name,
        node: header.node,
        hostname: route.hostname,
        service: route.service,
        port: route.port,
        url: urlOf(route, ingressPorts(last, header.node)),
        status: seen?.status ?? 'unknown',
        message: seen?.message ?? null,
        records: records.map(({ type, name, content }) => ({
          type,
          name,
          content,
          status: observed?.records.find((item) => item.name === name && item.type === type)?.status ?? 'unknown',
        })),
      };
    });
  });
}

/** The newest release of each app on each node, with its body as far as it can be read. */
export async function lastReleases(core: Core): Promise<LastRelease[]> {
  const { read } = core.store.durable;
  const tips = new Map<string, StoredHeader>();
  // Listed by number: the last one of each pair stays.
  for (const header of await read.listHeaders({})) tips.set(`${header.appId}/${header.node}`, header);
  return Promise.all(
    [...tips.values()].map(async (header) => {
      const bytes = await read.getObject(header.body);
      const body = bytes === undefined ? null : parseReleaseBody(bytes);
      return { header, body: body?.ok ? body.value : null };
    }),
  );
}

/** Ports of the ingress on a node, as its last release says; 80 and 443 without one. */
export function ingressPorts(last: readonly LastRelease[], node: string): { httpPort: number; httpsPort: number } {
  for (const { header, body } of last) if (header.node === node && body?.kind === 'ingress') return body;
  return { httpPort: 80, httpsPort: 443 };
}

/** The address that people open. */
export function urlOf(
  route: { hostname: string; tls: 'acme' | 'off' },
  ports: { httpPort: number; httpsPort: number },
): string {
  if (route.tls === 'off') return `http://${route.hostname}${ports.httpPort === 80 ? '' : `:${ports.httpPort}`}`;
  return `https://${route.hostname}${ports.httpsPort === 443 ? '' : `:${ports.httpsPort}`}`;
}

function appSummary(core: Core, appId: string, last: readonly LastRelease[]): AppSummary {
  const document = core.rows.snapshot(`app:${appId}`);
  const releases = last.filter(({ header }) => header.appId === appId);
  const newest = releases.reduce<LastRelease | undefined>(
    (best, item) => (best === undefined || item.header.number > best.header.number ? item : best),
    undefined,
  );
  const name = document?.fields.name;
  const documentNode = document?.fields.node;
  const node = newest?.header.node ?? (typeof documentNode === 'string' ? documentNode : null);
  const body = newest?.body ?? null;
  const routes = body?.kind === 'app' && body.state !== 'removed' ? body.routes : [];
  return {
    appId,
    name: typeof name === 'string' ? name : (body?.name ?? appId),
    node,
    kind: body?.kind ?? 'app',
    state: body?.state ?? null,
    number: newest?.header.number ?? 0,
    urls: node === null ? [] : routes.map((route) => urlOf(route, ingressPorts(last, node))),
    observed: node === null ? null : (core.observed.app(node, appId) ?? null),
    document:
      document === undefined
        ? null
        : (structuredClone({ fields: { ...document.fields }, collections: { ...document.collections } }) as never),
    clashes: document?.clashes.map((clash) => clash.field) ?? [],
  };
}

/** An app that is not there, or not for who asks. */
export function unknownApp(appId: string) {
  return fault('app.unknown', 'permanent', `There is no app ${appId}.`, '`overseer apps list` shows all apps.', {
    field: 'id',
  });
}
