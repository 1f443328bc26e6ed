import { type IngressRoute, routeRule, routerName, serverUrl } from '#shared/domain/routes/index.ts';
import type { Clock, Fault } from '#shared/kernel/index.ts';
import { fault } from '#shared/kernel/index.ts';
import type { ContainerState, Engine } from '../engine/engine.ts';
import { engineMessage, statusOf } from '../engine/engine-fault.ts';
import { ACME_LABEL, APP_LABEL, FLEET_LABEL, ingressNetworkName, KIND_LABEL } from '../engine/naming.ts';
import { INGRESS_PATHS } from './static-config.ts';
import { createTraefikApi, type TraefikApi } from './traefik-api.ts';

/** The running ingress of this node. */
export interface IngressHandle {
  readonly appId: string;
  readonly container: ContainerState;
  readonly httpsPort: number;
  readonly hasAcme: boolean;
  readonly api: TraefikApi | undefined;
}

/** Finds this fleet's ingress by label; undefined when there is none or it does not run. */
export async function findIngress(engine: Engine, fleet: string, password: string): Promise<IngressHandle | undefined> {
  const label = [`${FLEET_LABEL}=${fleet}`, `${KIND_LABEL}=ingress`];
  const [listed] = await engine.docker.listContainers({ filters: { label, status: ['running'] } });
  const container = listed && (await engine.container(listed.Id));
  if (!container) return undefined;
  const apiPort = publishedPort(container, INGRESS_PATHS.apiPort);
  return {
    appId: container.labels[APP_LABEL] ?? '',
    container,
    httpsPort: publishedPort(container, 443) ?? 443,
    hasAcme: container.labels[ACME_LABEL] === 'on',
    api: apiPort === undefined ? undefined : createTraefikApi(apiPort, password),
  };
}

function publishedPort(container: ContainerState, port: number): number | undefined {
  const bindings = container.inspect.NetworkSettings.Ports?.[`${port}/tcp`];
  const text = bindings?.[0]?.HostPort;
  return text ? Number(text) : undefined;
}

/** Puts a container on an app's ingress network under its alias. True when it was not there before. */
export async function attach(
  engine: Engine,
  appId: string,
  container: ContainerState,
  alias?: string,
): Promise<boolean> {
  const name = ingressNetworkName(appId);
  const present = container.networks[name];
  if (present && (alias === undefined || present.includes(alias))) return false;
  const network = engine.docker.getNetwork(name);
  if (present) await network.disconnect({ Container: container.id, Force: true });
  try {
    await network.connect({ Container: container.id, EndpointConfig: alias === undefined ? {} : { Aliases: [alias] } });
  } catch (cause) {
    // 403 with these words: somebody attached it between our look and our call.
    if (statusOf(cause) === 403 && /already exists/.test(engineMessage(cause))) return false;
    throw cause;
  }
  return true;
}

/** Puts the ingress back on the network of every routed app: a new Traefik container knows none of them. */
export async function reattachAll(engine: Engine, fleet: string, ingress: IngressHandle): Promise<number> {
  const label = [`${FLEET_LABEL}=${fleet}`, `${KIND_LABEL}=ingress-network`];
  const networks = await engine.docker.listNetworks({ filters: { label } });
  let attached = 0;
  for (const network of networks) {
    const appId = network.Labels?.[APP_LABEL];
    const fresh = await engine.container(ingress.container.id);
    if (appId !== undefined && fresh && (await attach(engine, appId, fresh))) attached++;
  }
  return attached;
}

/** What Traefik makes of one route just now. */
export type RouteStatus = { status: 'pending' | 'enabled' | 'warning' | 'disabled' | 'absent'; message: string | null };

/** `enabled` only when Traefik's API shows the router enabled with our rule and our servers behind it. */
export async function routeStatus(api: TraefikApi, route: IngressRoute): Promise<RouteStatus> {
  const name = routerName(route.routeId);
  const router = await api.router(name);
  if (!router) return { status: 'absent', message: null };
  if (router.rule !== routeRule(route.hostname)) return { status: 'pending', message: 'an older rule is served' };
  if (router.status !== 'enabled')
    return { status: router.status, message: router.error?.join('; ').slice(0, 500) ?? null };
  const service = await api.service(name);
  const served = (service?.loadBalancer?.servers ?? []).map((server) => server.url).sort();
  const wanted = route.servers.map((server) => serverUrl(route.scheme, server)).sort();
  if (served.join() !== wanted.join()) return { status: 'pending', message: 'older servers are served' };
  return { status: 'enabled', message: null };
}

/** How long Traefik may take to show a new file, and when it is nudged where file events get lost. */
const ROUTE_TIMEOUT_MS = 20_000;
const NUDGE_AFTER_MS = 5_000;

/** Waits until Traefik serves these routes. Null when it does; else a fault `route.not-applied`. */
export async function waitForRoutes(
  engine: Engine,
  ingress: IngressHandle,
  routes: readonly IngressRoute[],
  tools: { clock: Clock; pause: (ms: number) => Promise<void>; signal: AbortSignal },
): Promise<Fault | null> {
  const started = tools.clock.nowMs();
  let waitMs = 50;
  let isNudged = false;
  let last = 'Traefik’s API does not answer';
  while (!tools.signal.aborted) {
    const open = await firstOpenRoute(ingress, routes);
    if (open === null) return null;
    last = open;
    const tookMs = tools.clock.nowMs() - started;
    if (tookMs > ROUTE_TIMEOUT_MS) break;
    if (tookMs > NUDGE_AFTER_MS && !isNudged) {
      isNudged = true;
      await engine.docker
        .getContainer(ingress.container.id)
        .kill({ signal: 'SIGHUP' })
        .catch(() => undefined);
    }
    await tools.pause(waitMs);
    waitMs = Math.min(waitMs * 2, 1_000);
  }
  return fault(
    'route.not-applied',
    'transient',
    `Traefik does not serve the route: ${last}`,
    'The app runs; the node tries again by itself. `overseer apps logs` of the ingress shows what Traefik says.',
  );
}

async function firstOpenRoute(ingress: IngressHandle, routes: readonly IngressRoute[]): Promise<string | null> {
  if (!ingress.api) return 'its API is not published';
  for (const route of routes) {
    try {
      const { status, message } = await routeStatus(ingress.api, route);
      if (status !== 'enabled') return `${route.hostname} is ${status}${message ? ` (${message})` : ''}`;
    } catch (cause) {
      return engineMessage(cause);
    }
  }
  return null;
}
