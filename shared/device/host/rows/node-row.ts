import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import type { NodeView } from '#shared/contracts/rest/index.ts';
import type { FleetView } from '#shared/domain/apps/index.ts';

/** Everything that one row of the list of nodes is made of. */
export interface NodeRowParts {
  readonly nodeId: string;
  readonly name: string;
  readonly seen: NodeView | undefined;
  /** What runs or should run there. */
  readonly apps: NodeRow['apps'];
  readonly ingress: FleetView['ingresses'][number] | undefined;
  readonly connectors: FleetView['connectors'];
  /** appIds with a signed release. */
  readonly released: ReadonlySet<string>;
}

/** Makes the row of a node. The trust log says that it is there; the core says how it is. */
export function toNodeRow({ nodeId, name, seen, apps, ingress, connectors, released }: NodeRowParts): NodeRow {
  const statusOf = (appId: string) => seen?.observed?.apps.find((app) => app.appId === appId)?.status ?? 'unknown';
  return {
    id: nodeId,
    nodeId,
    name,
    status: seen?.status ?? 'unknown',
    lastSeenAt: seen?.lastSeenAt ?? null,
    session: seen?.session ?? null,
    facts: seen?.facts ?? null,
    holding: seen?.hold?.holding ? { since: seen.hold.since, why: seen.hold.why } : null,
    seenAt: seen?.observed?.seenAt ?? null,
    apps,
    ingress: ingress
      ? {
          appId: ingress.appId,
          httpPort: ingress.httpPort,
          httpsPort: ingress.httpsPort,
          acme: ingress.acme ? { email: ingress.acme.email, caServer: ingress.acme.caServer } : null,
          publicAddresses: [...ingress.publicAddresses],
          status: statusOf(ingress.appId),
          released: released.has(ingress.appId),
        }
      : null,
    exceptions: (seen?.observed?.apps ?? []).flatMap(({ appId, exceptions }) =>
      exceptions.map((one) => ({ ...one, appId, name: apps.find((app) => app.appId === appId)?.name ?? appId })),
    ),
    connectors: connectors.map(({ appId, vendor, settings }) => ({
      appId,
      vendor,
      zones: [...settings.zones],
      baseUrl: settings.baseUrl,
      released: released.has(appId),
    })),
  };
}
