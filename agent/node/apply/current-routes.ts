import type { AppBody } from '#shared/domain/apps/index.ts';
import type { IngressRoute } from '#shared/domain/routes/index.ts';
import type { ContainerState } from '../engine/engine.ts';
import { routeAlias } from '../engine/naming.ts';
import { ingressRoutes } from './publish.ts';

/** The routes of an app as they should be served by the containers that run now. */
export function currentRoutes(appId: string, body: AppBody, containers: readonly ContainerState[]): IngressRoute[] {
  const servers = new Map<string, string[]>();
  for (const one of containers.filter((container) => container.status === 'running')) {
    const alias = routeAlias(appId, one.service, one.id);
    servers.set(one.service, [...(servers.get(one.service) ?? []), alias]);
  }
  return ingressRoutes(body, servers);
}
