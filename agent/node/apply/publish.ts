import type { AppBody } from '#shared/domain/apps/index.ts';
import { type DnsRecordKey, type IngressRoute, routesToTraefikFile } from '#shared/domain/routes/index.ts';
import { type Fault, FaultError, fault } from '#shared/kernel/index.ts';
import type { ContainerState } from '../engine/engine.ts';
import { engineMessage } from '../engine/engine-fault.ts';
import { ingressNetworkName, KIND_LABEL, ownLabels, routeAlias } from '../engine/naming.ts';
import { dnsWishes, hostnameTaken } from '../gates/route-gate.ts';
import { attach, findIngress, waitForRoutes } from '../ingress/ingress.ts';
import type { ApplierContext } from './context.ts';
import { checkOwnership } from './ownership.ts';
import { need, type Stepper } from './steps.ts';

/** What is to be reachable, and through which containers. */
export interface Publish {
  readonly appId: string;
  readonly body: AppBody;
  readonly containers: readonly ContainerState[];
  readonly signal: AbortSignal;
}

/**
 * Lets people in: records first (an ACME server looks for them the moment a route appears), then the network that only
 * this app and the ingress share, then the route. The app runs whatever happens here: what stays open is returned.
 */
export async function publish(context: ApplierContext, about: Publish, steps: Stepper): Promise<Fault | null> {
  const { appId, body } = about;
  const dnsFault = await openStep(() => keepRecords(context, appId, body, steps));
  if (body.routes.length === 0) {
    await unroute(context, appId);
    steps.skip('route', 'the app has no routes');
    return dnsFault;
  }
  const routeFault = await openStep(async () => {
    const ingress = await findIngress(context.engine, context.fleet, context.apiPassword);
    const servers = await steps.run('network', 'joining app and ingress', async () => {
      if (!ingress) throw new FaultError(ingressAway());
      await makeIngressNetwork(context, appId);
      const joined = await attachRouted(context, about);
      await attach(context.engine, appId, ingress.container);
      return { value: joined, text: `on ${ingressNetworkName(appId)}` };
    });
    await steps.run('route', 'writing the route', async () => {
      const routes = ingressRoutes(body, servers);
      // Looked at once more, with nothing awaited between: two apps may have passed the gates side by side.
      for (const { hostname } of routes) {
        const other = context.routes.whoServes(hostname, appId);
        if (other !== undefined) throw new FaultError(hostnameTaken(hostname, other));
      }
      context.routes.write(appId, need(routesToTraefikFile(routes)));
      if (!ingress) throw new FaultError(ingressAway());
      const waiting = {
        clock: context.clock,
        pause: (ms: number) => context.pause(ms, about.signal),
        signal: about.signal,
      };
      const open = await waitForRoutes(context.engine, ingress, routes, waiting);
      if (open) throw new FaultError(open);
      return { value: undefined, text: `Traefik serves ${routes.map((route) => route.hostname).join(', ')}` };
    });
  });
  return dnsFault ?? routeFault;
}

async function openStep(work: () => Promise<unknown>): Promise<Fault | null> {
  try {
    await work();
    return null;
  } catch (cause) {
    if (cause instanceof FaultError) return cause.fault;
    throw cause;
  }
}

/** Makes the app's records as the body wishes and removes its own ones that it no longer wishes. */
export async function keepRecords(
  context: ApplierContext,
  appId: string,
  body: AppBody | null,
  steps: Stepper,
): Promise<void> {
  const wishes = body ? dnsWishes(appId, body) : [];
  const isWished = (key: DnsRecordKey) =>
    wishes.some(({ wish }) => wish.routeId === key.routeId && wish.type === key.type && wish.name === key.name);
  const stale: { remove: () => Promise<void>; name: string }[] = [];
  for (const port of context.dns.all())
    for (const own of await port.list(appId))
      if (!isWished(own)) stale.push({ name: own.name, remove: async () => void need(await port.remove(own)) });
  const byHand = (body?.dns ?? []).filter((record) => record.connector === null);
  if (wishes.length === 0 && stale.length === 0) {
    const names = byHand.map((record) => `${record.name} ${record.type} ${record.content}`);
    return steps.skip('dns', names.length > 0 ? `made by hand: ${names.join(', ')}` : 'no records are kept');
  }
  await steps.run('dns', 'keeping DNS records', async () => {
    const told: string[] = [];
    for (const one of stale) {
      await one.remove();
      told.push(`${one.name} removed`);
    }
    for (const { connector, wish } of wishes) {
      const port = context.dns.get(connector);
      if (!port) throw new FaultError(connectorAway(wish.name));
      const ensured = need(await port.ensure(wish));
      told.push(`${wish.name} ${wish.type} ${wish.content} ${ensured.outcome} in ${ensured.zone}`);
    }
    return { value: undefined, text: told.join('; ') };
  });
}

async function makeIngressNetwork(context: ApplierContext, appId: string): Promise<void> {
  const name = ingressNetworkName(appId);
  const { engine, ownership, fleet } = context;
  need(await checkOwnership(engine, ownership, { fleet, appId, objects: { volumes: [], networks: [name] } }));
  await ownership.record('network', name, appId);
  const labels = { ...ownLabels(fleet, appId), [KIND_LABEL]: 'ingress-network' };
  // Internal: the way out stays the app's own network, and this one leads nowhere but to the ingress.
  await context.networks.ensure({ name, prefix: 28, internal: true, labels });
}

type Servers = ReadonlyMap<string, readonly string[]>;

/** Attaches every routed container under a name of its own; returns those names per service. */
async function attachRouted(context: ApplierContext, about: Publish): Promise<Servers> {
  const routed = new Set(about.body.routes.map((route) => route.service));
  const servers = new Map<string, string[]>();
  for (const container of about.containers.filter((one) => routed.has(one.service) && one.status === 'running')) {
    const alias = routeAlias(about.appId, container.service, container.id);
    await attach(context.engine, about.appId, container, alias);
    servers.set(container.service, [...(servers.get(container.service) ?? []), alias]);
  }
  return servers;
}

/** The typed model of an app's route file. */
export function ingressRoutes(body: AppBody, servers: Servers): IngressRoute[] {
  return body.routes.map((route) => ({
    routeId: route.routeId,
    hostname: route.hostname,
    scheme: route.scheme,
    tls: route.tls,
    servers: (servers.get(route.service) ?? []).toSorted().map((host) => ({ host, port: route.port })),
  }));
}

/** How often, and after how long, a network is taken away again that something was attached to meanwhile. */
const DETACH_TRIES = 10;
const DETACH_PAUSE_MS = 200;

/** Takes the route file and the app's ingress network away. */
export async function unroute(context: ApplierContext, appId: string): Promise<boolean> {
  const removed = context.routes.remove(appId);
  const name = ingressNetworkName(appId);
  if ((await context.ownership.owned('network', name)) !== appId) return removed;
  for (let tries = 1; ; tries++) {
    const network = await context.engine.network(name);
    if (!network) break;
    need(
      await checkOwnership(context.engine, context.ownership, {
        fleet: context.fleet,
        appId,
        objects: { volumes: [], networks: [name] },
      }),
    );
    for (const id of Object.keys(network.Containers ?? {}))
      await context.engine.docker
        .getNetwork(name)
        .disconnect({ Container: id, Force: true })
        .catch(() => undefined);
    try {
      await context.engine.docker.getNetwork(name).remove();
    } catch (cause) {
      // The ingress was attached between our look and our call, by the repair of another app; it is looked at again.
      if (tries === DETACH_TRIES || !/active endpoints/.test(engineMessage(cause))) throw cause;
      await context.pause(DETACH_PAUSE_MS);
    }
  }
  await context.ownership.forget('network', name);
  return true;
}

function ingressAway(): Fault {
  return fault(
    'ingress.not-running',
    'transient',
    'The ingress of this node does not run, so the route waits.',
    'The app runs. Look at the ingress with `overseer apps show`; the node tries again by itself.',
  );
}

function connectorAway(name: string): Fault {
  return fault(
    'dns.no-connector',
    'permanent',
    `The connector that should keep the record of ${name} is not on this node.`,
    'Run `overseer integrations cloudflare set` for this node.',
    { field: 'dns' },
  );
}
