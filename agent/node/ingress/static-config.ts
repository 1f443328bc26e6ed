import type { IngressBody } from '#shared/domain/apps/index.ts';
import { ACME_RESOLVER, ENTRY_POINT_HTTP, ENTRY_POINT_HTTPS } from '#shared/domain/routes/index.ts';

/** Paths and ports inside the ingress's container. */
export const INGRESS_PATHS = {
  staticFile: '/etc/traefik/traefik.yml',
  routes: '/etc/overseer/routes',
  acme: '/acme',
  acmeCa: '/etc/overseer/acme-ca.pem',
  apiPort: 8080,
} as const;

/** Name of the entry point on which only the node asks Traefik what it serves. */
export const API_ENTRY_POINT = 'overseer';

/**
 * Traefik's static configuration. Plain HTTP leads to HTTPS by a router of the lowest priority, so that routes without
 * TLS and the ACME challenge stay reachable. Nothing is asked of the internet: no telemetry, no version check.
 */
export function ingressStaticConfig(body: IngressBody): string {
  const redirections = { entryPoint: { to: `:${body.httpsPort}`, scheme: 'https', permanent: true, priority: 1 } };
  const config = {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: 'INFO', format: 'json' },
    api: { dashboard: false, insecure: false },
    ping: { entryPoint: API_ENTRY_POINT },
    providers: { file: { directory: INGRESS_PATHS.routes, watch: true }, providersThrottleDuration: '300ms' },
    entryPoints: {
      [API_ENTRY_POINT]: { address: `:${INGRESS_PATHS.apiPort}` },
      [ENTRY_POINT_HTTP]: { address: ':80', http: { redirections } },
      [ENTRY_POINT_HTTPS]: { address: ':443' },
    },
    ...(body.acme ? { certificatesResolvers: { [ACME_RESOLVER]: { acme: acmeOf(body.acme) } } } : {}),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function acmeOf(acme: NonNullable<IngressBody['acme']>): Record<string, unknown> {
  return {
    email: acme.email,
    caServer: acme.caServer,
    storage: `${INGRESS_PATHS.acme}/acme.json`,
    keyType: 'EC256',
    httpChallenge: { entryPoint: ENTRY_POINT_HTTP },
    ...(acme.caCertificates === null ? {} : { caCertificates: [INGRESS_PATHS.acmeCa] }),
  };
}

/**
 * The dynamic file that opens Traefik's API to whoever holds the node's password, on the node's own entry point. Another
 * `nonce` makes another configuration, which is when Traefik tries again to get the certificates it lacks.
 */
export function apiRouteFile(passwordSha1Base64: string, nonce = '0'): string {
  const file = {
    http: {
      routers: {
        'overseer-api': {
          entryPoints: [API_ENTRY_POINT],
          rule: 'PathPrefix(`/api`)',
          service: 'api@internal',
          middlewares: ['overseer-api'],
        },
      },
      middlewares: {
        'overseer-api': { basicAuth: { users: [`node:{SHA}${passwordSha1Base64}`], removeHeader: true } },
        'overseer-nonce': { headers: { customResponseHeaders: { 'X-Overseer-Nonce': nonce } } },
      },
    },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
