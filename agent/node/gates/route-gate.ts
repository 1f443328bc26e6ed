import type { AppBody } from '#shared/domain/apps/index.ts';
import type { ResolvedModel } from '#shared/domain/policies/index.ts';
import { type DnsRecordWish, type OwnDnsRecord, parseHostname } from '#shared/domain/routes/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { DnsPorts } from '../apply/context.ts';
import type { IngressHandle } from '../ingress/ingress.ts';
import type { RouteFiles } from '../ingress/route-files.ts';

/** Judges the routes of an app before anything starts: names, services, who serves them already, the ingress. */
export function judgeRoutes(
  appId: string,
  body: AppBody,
  model: ResolvedModel,
  node: { ingress: IngressHandle | undefined; routes: RouteFiles },
): Result<void> {
  const seen = new Set<string>();
  for (const route of body.routes) {
    const hostname = parseHostname(route.hostname);
    if (!hostname.ok) return hostname;
    if (hostname.value !== route.hostname || seen.has(route.hostname))
      return err(refuse('route.bad-hostname', `${route.hostname} is not written as ${hostname.value}, or twice.`));
    seen.add(route.hostname);
    if (!Object.hasOwn(model.services ?? {}, route.service))
      return err(
        refuse(
          'route.unknown-service',
          `Route ${route.hostname} leads to service ${route.service}, which the Compose file does not have.`,
        ),
      );
    if (model.services?.[route.service]?.network_mode !== undefined) return err(noNetwork(route));
    if (!node.ingress) return err(noIngress(route.hostname));
    if (route.tls === 'acme' && !node.ingress.hasAcme) return err(noAcme(route.hostname));
    const other = node.routes.whoServes(route.hostname, appId);
    if (other !== undefined) return err(hostnameTaken(route.hostname, other));
  }
  return ok();
}

/** Asks each connector whether somebody else's record is in the way, before anything is changed. */
export async function judgeDns(appId: string, body: AppBody, dns: DnsPorts): Promise<Result<void>> {
  for (const { connector, wish } of dnsWishes(appId, body)) {
    const port = dns.get(connector);
    if (!port) return err(noConnector(wish.name));
    // A record that is ours as it should be needs no look, and a provider that is away is no reason not to deploy:
    // making the record later refuses a foreign one as well.
    if ((await port.list(appId)).some((own) => isSameRecord(own, wish))) continue;
    const found = await port.look(wish);
    if (!found.ok && found.error.kind === 'transient') continue;
    if (!found.ok) return found;
    if (found.value === 'clash') return err(foreignRecord(wish));
  }
  return ok();
}

function isSameRecord(own: OwnDnsRecord, wish: DnsRecordWish): boolean {
  const keys = ['routeId', 'type', 'name', 'content', 'proxied'] as const;
  return own.recordId !== null && keys.every((key) => own[key] === wish[key]);
}

/** The records of an app that a connector keeps. */
export function dnsWishes(appId: string, body: AppBody): { connector: string; wish: DnsRecordWish }[] {
  return body.dns.flatMap(({ connector, routeId, type, name, content, proxied }) =>
    connector === null ? [] : [{ connector, wish: { appId, routeId, type, name, content, proxied } }],
  );
}

function refuse(code: string, message: string): Fault {
  return fault(code, 'permanent', message, 'Correct the route and deploy again.', { field: 'routes' });
}

function noNetwork(route: { hostname: string; service: string }): Fault {
  return fault(
    'route.no-network',
    'permanent',
    `${route.hostname} leads to ${route.service}, which is on no network of its own (network_mode), so the ingress can not reach it.`,
    'Leave network_mode out of that service, or leave the route out.',
    { field: 'routes' },
  );
}

function noIngress(hostname: string): Fault {
  return fault(
    'ingress.absent',
    'permanent',
    `Nothing on this node can serve ${hostname}: its ingress does not run.`,
    'Run `overseer ingress enable` for this node first.',
    { field: 'routes' },
  );
}

function noAcme(hostname: string): Fault {
  return fault(
    'route.no-acme',
    'permanent',
    `${hostname} wants a certificate, but the ingress of this node has no ACME server.`,
    'Enable the ingress with --acme-email, or set the route to tls off.',
    { field: 'routes' },
  );
}

/** The fault of a name that two apps want. */
export function hostnameTaken(hostname: string, other: string): Fault {
  return fault(
    'route.hostname-taken',
    'conflict',
    `${hostname} is already served by app ${other} on this node.`,
    'Give one of the two another hostname.',
    { field: 'hostname', detail: { hostname, app: other } },
  );
}

function noConnector(name: string): Fault {
  return fault(
    'dns.no-connector',
    'permanent',
    `The connector that should keep the record of ${name} is not on this node.`,
    'Run `overseer integrations cloudflare set` for this node, or make the record by hand and set dns to manual.',
    { field: 'dns' },
  );
}

function foreignRecord(wish: DnsRecordWish): Fault {
  return fault(
    'dns.foreign-record',
    'conflict',
    `${wish.name} already has a DNS record that Overseer did not make. Nothing was changed.`,
    `Delete that record at the DNS provider, or give the app another hostname than ${wish.name}.`,
    { field: 'dns', detail: { name: wish.name, type: wish.type } },
  );
}
