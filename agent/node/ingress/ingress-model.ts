import { createHash } from 'node:crypto';
import type { IngressBody } from '#shared/domain/apps/index.ts';
import type { EngineModel, PreparedImage, PreparedModel } from '../compose/prepared.ts';
import { knowsApi } from '../engine/api-version.ts';
import {
  ACME_LABEL,
  DEFINITION_LABEL,
  KIND_LABEL,
  networkName,
  ownLabels,
  projectName,
  volumeName,
} from '../engine/naming.ts';
import { INGRESS_PATHS } from './static-config.ts';

/** Where the files of the ingress lie on this node. */
export interface IngressFiles {
  readonly staticFile: string;
  readonly routesFolder: string;
  readonly acmeCaFile: string | null;
}

/** How often the engine looks at the ingress. */
export type HealthPace = Readonly<Record<string, string | number>>;

/** Engines from API 1.44 on look often only while a container starts; older ones know one pace. */
export function healthPace(apiVersion: string): HealthPace {
  return knowsApi(apiVersion, '1.44')
    ? { interval: '10s', retries: 3, start_period: '30s', start_interval: '500ms' }
    : { interval: '3s', retries: 5 };
}

export const INGRESS_SERVICE = 'traefik';

/**
 * The ingress as a stack of our own. It holds no right but binding low ports, writes nowhere but its certificate
 * volume, and its API is published on the node's loopback only, behind a password.
 */
export function ingressModel(
  body: IngressBody,
  about: { fleet: string; appId: string; image: PreparedImage; files: IngressFiles; pace: HealthPace },
): PreparedModel {
  const { appId, files, image } = about;
  const acmeVolume = volumeName(appId, 'acme');
  const service = {
    image: image.reference,
    pull_policy: 'never',
    restart: 'unless-stopped',
    init: true,
    read_only: true,
    cap_drop: ['ALL'],
    cap_add: ['NET_BIND_SERVICE'],
    security_opt: ['no-new-privileges:true'],
    environment: {},
    networks: { default: null },
    ports: [
      { target: 80, published: String(body.httpPort), protocol: 'tcp' },
      { target: 443, published: String(body.httpsPort), protocol: 'tcp' },
      { target: INGRESS_PATHS.apiPort, host_ip: '127.0.0.1', protocol: 'tcp' },
    ],
    healthcheck: { test: ['CMD', 'traefik', 'healthcheck'], timeout: '5s', ...about.pace },
    stop_grace_period: '15s',
    volumes: [
      bind(files.staticFile, INGRESS_PATHS.staticFile),
      bind(files.routesFolder, INGRESS_PATHS.routes),
      ...(files.acmeCaFile === null ? [] : [bind(files.acmeCaFile, INGRESS_PATHS.acmeCa)]),
      { type: 'volume', source: 'acme', target: INGRESS_PATHS.acme },
    ],
  };
  const definition = createHash('sha256').update(JSON.stringify(service)).digest('hex').slice(0, 32);
  const labels = {
    ...ownLabels(about.fleet, appId),
    [KIND_LABEL]: 'ingress',
    [ACME_LABEL]: body.acme ? 'on' : 'off',
    [DEFINITION_LABEL]: definition,
  };
  const network = networkName(appId, 'default');
  const model: EngineModel = {
    name: projectName(appId),
    services: { [INGRESS_SERVICE]: { ...service, labels } },
    networks: { default: { name: network, external: true } },
    volumes: { acme: { name: acmeVolume, external: true } },
    configs: {},
  };
  return {
    project: model.name,
    model,
    services: new Map([
      [
        INGRESS_SERVICE,
        {
          name: INGRESS_SERVICE,
          definition,
          replicas: 1,
          canRunTwice: false,
          isOneShot: false,
          isRouted: false,
          dependsOn: [],
          image,
        },
      ],
    ]),
    volumes: [acmeVolume],
    networks: [{ name: network, internal: false }],
  };
}

const bind = (source: string, target: string) => ({
  type: 'bind',
  source,
  target,
  read_only: true,
  bind: { create_host_path: false },
});
