import type { RouteRow } from '#shared/contracts/ipc/index.ts';
import type { ObservedApp } from '#shared/contracts/link/observed.ts';
import type { AppBody } from '#shared/domain/apps/index.ts';
import { type Fault, fault } from '#shared/kernel/index.ts';

/** The signed release that has the routes, and what its node tells of them. */
export interface RouteRowParts {
  readonly appId: string;
  readonly node: string;
  readonly nodeName: string;
  readonly body: AppBody;
  readonly observed: ObservedApp | undefined;
  readonly urlOf: (route: AppBody['routes'][number]) => string;
}

/** Makes the rows of an app's routes. */
export function toRouteRows(parts: RouteRowParts): RouteRow[] {
  const { appId, node, nodeName, body, observed } = parts;
  if (body.state === 'removed') return [];
  return body.routes.map((route) => {
    const seen = observed?.routes.find(({ routeId }) => routeId === route.routeId);
    const records = body.dns
      .filter(({ routeId }) => routeId === route.routeId)
      .map(({ type, name, content }) => ({
        type,
        name,
        content,
        status: observed?.records.find((item) => item.name === name && item.type === type)?.status ?? 'unknown',
      }));
    const row: Omit<RouteRow, 'fault'> = {
      id: route.routeId,
      routeId: route.routeId,
      appId,
      appName: body.name,
      node,
      nodeName,
      hostname: route.hostname,
      service: route.service,
      port: route.port,
      tls: route.tls,
      url: parts.urlOf(route),
      status: seen?.status ?? 'unknown',
      message: seen?.message ?? null,
      records,
    };
    const byHand = body.dns.some(({ routeId, connector }) => routeId === route.routeId && connector === null);
    return { ...row, fault: (routeProblem(row, byHand) as RouteRow['fault']) ?? null };
  });
}

/** What stands in the way of a route, the nearest cause first; undefined when all is well or not known. */
export function routeProblem(row: Omit<RouteRow, 'fault'>, isByHand: boolean): Fault | undefined {
  const clash = row.records.find(({ status }) => status === 'clash');
  if (clash) {
    return fault(
      'dns.foreign-record',
      'conflict',
      `${clash.name} has a ${clash.type} record that Overseer did not make`,
      'Delete that record at your DNS provider, or take another name; Overseer never changes what it did not make.',
    );
  }
  const missing = row.records.find(({ status }) => status === 'absent');
  if (missing) {
    const what = `${missing.name} ${missing.type} ${missing.content}`;
    return isByHand
      ? fault('dns.record-gone', 'permanent', `the record ${what} is not there`, 'Make it at your DNS provider.')
      : fault('dns.record-gone', 'permanent', `the record ${what} is not there`, 'Deploy the app again.');
  }
  if (row.status === 'disabled' || row.status === 'warning') {
    const why = row.message ?? 'the ingress does not say why';
    return fault(
      'route.not-applied',
      'transient',
      `the ingress does not serve ${row.hostname}: ${why}`,
      'Look at the logs of the ingress.',
    );
  }
  if (row.status === 'absent') {
    return fault(
      'ingress.not-running',
      'transient',
      `the ingress of ${row.nodeName} does not know ${row.hostname}`,
      `Check that the ingress runs on ${row.nodeName}.`,
    );
  }
  return undefined;
}
