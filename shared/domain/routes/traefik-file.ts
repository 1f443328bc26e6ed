import { err, fault, ok, type Result } from '../../kernel/index.ts';
import { parseHostname } from './hostname.ts';

/** One route as the ingress serves it. `servers` are names and ports on the network that only this app and it share. */
export interface IngressRoute {
  readonly routeId: string;
  readonly hostname: string;
  readonly scheme: 'http' | 'https';
  readonly tls: 'acme' | 'off';
  readonly servers: readonly { readonly host: string; readonly port: number }[];
}

/** Names of the ingress's own parts that route files refer to. */
export const ENTRY_POINT_HTTP = 'web';
export const ENTRY_POINT_HTTPS = 'websecure';
export const ACME_RESOLVER = 'acme';

/** Router and service of a route have this name in Traefik. */
export function routerName(routeId: string): string {
  return `ov-${routeId}`;
}

/** The rule of a route, also to compare with what Traefik says it serves. */
export function routeRule(hostname: string): string {
  return `Host(\`${hostname}\`)`;
}

/** The address of one server of a route. */
export function serverUrl(scheme: 'http' | 'https', server: { host: string; port: number }): string {
  return `${scheme}://${server.host}:${server.port}`;
}

/**
 * The dynamic file of one app for Traefik's file provider, whole. It is JSON, which is YAML, so that no value is ever
 * joined into text by hand; and since Traefik runs every file as a template first, each value is held to an alphabet
 * without braces and backticks. Errors: `route.bad-hostname`, `route.bad-server`.
 */
export function routesToTraefikFile(routes: readonly IngressRoute[]): Result<string> {
  const routers: Record<string, unknown> = {};
  const services: Record<string, unknown> = {};
  const serversTransports: Record<string, unknown> = {};
  for (const route of routes) {
    const hostname = parseHostname(route.hostname);
    if (!hostname.ok) return hostname;
    const wrong = badPart(route);
    if (wrong)
      return err(fault('route.bad-server', 'permanent', wrong, 'Give the service and port of the route again.'));
    const name = routerName(route.routeId);
    const isSecure = route.tls === 'acme';
    routers[name] = {
      entryPoints: [isSecure ? ENTRY_POINT_HTTPS : ENTRY_POINT_HTTP],
      rule: routeRule(hostname.value),
      service: name,
      ...(isSecure ? { tls: { certResolver: ACME_RESOLVER } } : {}),
    };
    const balancer = { servers: route.servers.map((server) => ({ url: serverUrl(route.scheme, server) })) };
    if (route.scheme === 'https') {
      // The hop stays on a network of two: the app's own certificate, which nobody signed, hides it from nobody else.
      serversTransports[name] = { insecureSkipVerify: true };
      services[name] = { loadBalancer: { ...balancer, serversTransport: name } };
    } else services[name] = { loadBalancer: balancer };
  }
  const http = { routers, services, ...(Object.keys(serversTransports).length > 0 ? { serversTransports } : {}) };
  return ok(`${JSON.stringify({ http }, null, 2)}\n`);
}

function badPart(route: IngressRoute): string | undefined {
  if (!/^[a-z2-7]{26}$/.test(route.routeId)) return `"${route.routeId}" is not the id of a route.`;
  if (route.servers.length === 0) return `Route ${route.hostname} leads to no container.`;
  for (const { host, port } of route.servers) {
    if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(host)) return `"${host}" is not the name of a container.`;
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return `${port} is not a port.`;
  }
  return undefined;
}

/** Hostnames that a file of ours serves, to see a name that two apps want. A file that is not ours gives none. */
export function hostnamesOfTraefikFile(text: string): { routeId: string; hostname: string }[] {
  let routers: Record<string, { rule?: unknown }>;
  try {
    routers = (JSON.parse(text) as { http?: { routers?: Record<string, { rule?: unknown }> } }).http?.routers ?? {};
  } catch {
    return [];
  }
  return Object.entries(routers).flatMap(([name, router]) => {
    const hostname = /^Host\(`([^`]+)`\)$/.exec(String(router.rule))?.[1];
    return hostname === undefined || !name.startsWith('ov-') ? [] : [{ routeId: name.slice(3), hostname }];
  });
}
