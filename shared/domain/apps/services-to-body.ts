import ipaddr from 'ipaddr.js';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { AppView } from './app-view.ts';
import type { FleetView } from './fleet-view.ts';
import { type AppBody, appBodySchema, type DnsRecord } from './release-body.ts';

/** What a body takes from the Compose file. */
export interface NamedService {
  readonly name: string;
  readonly image: string | null;
}

/**
 * Builds the body of the app's next release from desired state and the services of its Compose file. The nodeCopies
 * must have been made before. It does not read the file itself: whoever knows the services needs no reader of YAML.
 */
export function servicesToBody(
  app: AppView,
  fleet: FleetView,
  readServices: () => Result<readonly NamedService[]>,
): Result<AppBody> {
  if (app.node === null) return refuse('app.no-node', `app ${app.name} has no node`, 'Name one with --node.', 'node');
  const node = app.node;
  const services = readServices();
  if (!services.ok) return services;
  const images: Record<string, { ref: string; digest: string | null }> = {};
  for (const service of services.value) {
    if (service.image === null)
      return refuse(
        'compose.no-image',
        `service ${service.name} has no image`,
        'Overseer runs images; name one, it does not build.',
        `services.${service.name}.image`,
      );
    images[service.name] = { ref: service.image, digest: service.image.split('@')[1] ?? null };
  }
  const secrets: AppBody['secrets'] = [];
  for (const secret of app.secrets) {
    const sha256 = secret.nodeCopies[node];
    if (sha256 === undefined)
      return refuse(
        'secret.not-sealed',
        `secret ${secret.name} is not sealed to this node yet`,
        'Run `overseer secrets reseal` on an owner’s computer: it seals them to this server.',
        `secrets.${secret.name}`,
      );
    secrets.push({ name: secret.name, sha256, uses: secret.uses });
  }
  const dns: DnsRecord[] = [];
  for (const route of app.routes) {
    if (!services.value.some((service) => service.name === route.service)) {
      return refuse(
        'route.unknown-service',
        `route ${route.hostname} leads to service ${route.service}, which the Compose file does not have`,
        `Choose one of: ${services.value.map((service) => service.name).join(', ')}.`,
        'routes.service',
      );
    }
    const record = dnsRecordOf(route, node, fleet);
    if (!record.ok) return record;
    if (record.value) dns.push(record.value);
  }
  const body = appBodySchema.safeParse({
    v: 1,
    kind: 'app',
    name: app.name,
    state: app.state,
    source: app.source,
    compose: app.compose,
    env: Object.fromEntries(app.env.map(({ key, value }) => [key, value])),
    files: app.files.map(({ path, sha256, mode }) => ({ path, sha256, mode })),
    images,
    secrets,
    routes: app.routes.map(({ id, hostname, service, port, scheme, tls }) => ({
      routeId: id,
      hostname,
      service,
      port,
      scheme,
      tls,
    })),
    dns,
    policies: app.policies,
    exceptions: app.exceptions.map(({ rule, service, value, reason }) => ({ rule, service, value, reason })),
  });
  if (!body.success) {
    const issue = body.error.issues[0];
    const field = issue?.path.join('.') ?? 'app';
    return refuse('app.malformed', `${field}: ${issue?.message ?? 'does not fit'}`, `Set ${field} again.`, field);
  }
  return ok(body.data);
}

function dnsRecordOf(route: AppView['routes'][number], node: string, fleet: FleetView): Result<DnsRecord | undefined> {
  if (route.dns === 'off') return ok(undefined);
  const address = route.address ?? fleet.ingresses.find((ingress) => ingress.node === node)?.publicAddresses[0];
  if (address === undefined) {
    return refuse(
      'dns.no-address',
      `no address is known that ${route.hostname} should point at`,
      'Give --address, or --public-address to ingress enable.',
      'address',
    );
  }
  return ok({
    routeId: route.id,
    connector: route.dns === 'auto' ? (connectorFor(route.hostname, fleet)?.appId ?? null) : null,
    type: recordTypeOf(address),
    name: route.hostname,
    content: address,
    proxied: route.proxied,
  });
}

/** The connector whose zone is the longest that the name lies in; one without a list of zones takes any name. */
export function connectorFor(hostname: string, fleet: FleetView): FleetView['connectors'][number] | undefined {
  const covers = (zone: string) => hostname === zone || hostname.endsWith(`.${zone}`);
  const length = (connector: FleetView['connectors'][number]) =>
    connector.settings.zones.length === 0
      ? 0
      : Math.max(-1, ...connector.settings.zones.filter(covers).map((zone) => zone.length));
  return fleet.connectors.filter((connector) => length(connector) >= 0).sort((a, b) => length(b) - length(a))[0];
}

/** A for IPv4, AAAA for IPv6, CNAME for a name. */
export function recordTypeOf(address: string): DnsRecord['type'] {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return 'A';
  return ipaddr.IPv6.isValid(address) ? 'AAAA' : 'CNAME';
}

function refuse(code: string, message: string, next: string, field: string): Result<never> {
  return err(fault(code, 'permanent', message, next, { field }));
}
