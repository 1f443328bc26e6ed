import type { ObservedApp, ObservedService } from '#shared/contracts/link/observed.ts';
import type { AppBody, OpeningBody, ReleaseBody } from '#shared/domain/apps/index.ts';
import type { ContainerState } from '../engine/engine.ts';
import { DEPENDS_LABEL } from '../engine/naming.ts';
import { checkOpening } from '../gates/real-path.ts';
import { findIngress, routeStatus } from '../ingress/ingress.ts';
import type { ApplierContext } from './context.ts';
import { currentRoutes } from './current-routes.ts';
import { parseServiceNames } from './service-names.ts';

/** What the engine and the ingress say of an app. `accepted` and `running` are the caller's to fill in. */
export async function observeApp(
  context: ApplierContext,
  appId: string,
  body: ReleaseBody | null,
): Promise<ObservedApp> {
  const kind = body?.kind ?? 'app';
  if (kind === 'connector') {
    const status = body?.state === 'removed' ? 'removed' : 'running';
    const nothing = { services: [], routes: [], records: [], volumes: [], exceptions: [], opening: null };
    return { appId, kind, accepted: null, running: null, status, ...nothing };
  }
  if (body?.kind === 'opening') return observeOpening(context, appId, body);
  const containers = await context.engine.containersOf(appId);
  const services = servicesOf(containers, parseServiceNames(body));
  const owned = (await context.ownership.list(appId)).filter((one) => one.kind === 'volume');
  return {
    appId,
    kind,
    accepted: null,
    running: null,
    status: statusOf(body, services, oneShotsOf(containers)),
    services,
    routes:
      body?.kind === 'app' && body.state === 'running' ? await observeRoutes(context, appId, body, containers) : [],
    records: body?.kind === 'app' && body.state === 'running' ? await observeRecords(context, appId, body) : [],
    volumes: owned.map(({ name }) => ({ name, sizeBytes: null })),
    exceptions: exceptionsOf(body),
    opening: null,
  };
}

/** An opening whose path is gone, or has become something else, is away: apps that use it are refused. */
function observeOpening(context: ApplierContext, appId: string, body: OpeningBody): ObservedApp {
  const { name, what, path, readOnly } = body;
  const isClosed = body.state === 'removed';
  return {
    ...{ appId, kind: 'opening', accepted: null, running: null, services: [], routes: [], records: [], volumes: [] },
    status: isClosed ? 'removed' : checkOpening(body, context.ownFolders).ok ? 'running' : 'away',
    exceptions: [],
    opening: isClosed ? null : { name, what, path, readOnly },
  };
}

/** What the release sets aside. A removed app sets nothing aside: nothing of it runs. */
export function exceptionsOf(body: ReleaseBody | null): ObservedApp['exceptions'] {
  if (body?.kind !== 'app' || body.state === 'removed') return [];
  return body.exceptions.map(({ rule, service, value, reason }) => ({ rule, service, value, reason }));
}

function servicesOf(containers: readonly ContainerState[], names: readonly string[]): ObservedService[] {
  const seen = containers.slice(0, 64).map((one): ObservedService => {
    const state = one.status as ObservedService['state'];
    const hasRun = !one.startedAt.startsWith('0001');
    const hasEnded = one.status === 'exited' || one.status === 'dead';
    return {
      service: one.service,
      state,
      health: one.health,
      exitCode: hasEnded ? one.exitCode : null,
      image: one.image.split('@')[0] ?? one.image,
      digest: one.image.split('@')[1] ?? one.imageId,
      startedAt: hasRun ? one.startedAt : null,
      restarts: one.restarts,
    };
  });
  const missing = names.filter((name) => !containers.some((one) => one.service === name));
  const absent = missing.map((service): ObservedService => {
    const rest = { exitCode: null, image: '', digest: null, startedAt: null, restarts: 0 };
    return { service, state: 'missing', health: 'none', ...rest };
  });
  return [...seen, ...absent].slice(0, 64);
}

/** Services that others wait for to end well: Compose keeps each container's `service:condition:restart` in a label. */
function oneShotsOf(containers: readonly ContainerState[]): ReadonlySet<string> {
  const entries = containers.flatMap((one) => (one.labels[DEPENDS_LABEL] ?? '').split(','));
  const once = entries
    .map((entry) => entry.split(':'))
    .filter(([, condition]) => condition === 'service_completed_successfully');
  return new Set(once.map(([name = '']) => name));
}

function statusOf(
  body: ReleaseBody | null,
  services: readonly ObservedService[],
  oneShots: ReadonlySet<string>,
): ObservedApp['status'] {
  if (body === null || body.state === 'removed') return services.length === 0 ? 'removed' : 'applying';
  const isUp = (one: ObservedService) =>
    (one.state === 'running' && one.health !== 'unhealthy') ||
    (one.state === 'exited' && one.exitCode === 0 && oneShots.has(one.service));
  if (body.state === 'stopped') return services.some((one) => one.state === 'running') ? 'applying' : 'stopped';
  if (services.length > 0 && services.every(isUp)) return 'running';
  return services.some((one) => one.state === 'running' && one.health !== 'unhealthy') ? 'degraded' : 'away';
}

async function observeRoutes(
  context: ApplierContext,
  appId: string,
  body: AppBody,
  containers: readonly ContainerState[],
): Promise<ObservedApp['routes']> {
  if (body.routes.length === 0) return [];
  const ingress = await findIngress(context.engine, context.fleet, context.apiPassword);
  const seen: ObservedApp['routes'] = [];
  for (const route of currentRoutes(appId, body, containers)) {
    const { routeId, hostname } = route;
    const found = ingress?.api
      ? await routeStatus(ingress.api, route).catch(() => ({
          status: 'absent' as const,
          message: 'Traefik does not answer',
        }))
      : { status: 'absent' as const, message: 'the ingress does not run' };
    seen.push({ routeId, hostname, status: found.status, message: found.message });
  }
  return seen;
}

/** From the connector's own record, without asking outside: observing happens often, the provider counts calls. */
async function observeRecords(context: ApplierContext, appId: string, body: AppBody): Promise<ObservedApp['records']> {
  const seen: ObservedApp['records'] = [];
  for (const { routeId, type, name, content, connector } of body.dns) {
    const port = connector === null ? undefined : context.dns.get(connector);
    const own = port ? await port.list(appId) : [];
    const isKept = own.some(
      (one) => one.routeId === routeId && one.type === type && one.name === name && one.recordId !== null,
    );
    seen.push({ routeId, type, name, content, status: connector === null ? 'unknown' : isKept ? 'present' : 'absent' });
  }
  return seen;
}
