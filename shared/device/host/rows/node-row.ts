import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import type { NodeView } from '#shared/contracts/rest/index.ts';
import type { FleetView } from '#shared/domain/apps/index.ts';
import { type Opening, usesOpening } from '#shared/domain/policies/index.ts';

/** Everything that one row of the list of nodes is made of. */
export interface NodeRowParts {
  readonly nodeId: string;
  readonly name: string;
  readonly seen: NodeView | undefined;
  /** What runs or should run there. */
  readonly apps: NodeRow['apps'];
  readonly ingress: FleetView['ingresses'][number] | undefined;
  readonly connectors: FleetView['connectors'];
  /** As desired state has them. */
  readonly openings: FleetView['openings'];
  /** appIds with a signed release. */
  readonly released: ReadonlySet<string>;
}

/** Makes the row of a node. The trust log says that it is there; the core says how it is. */
export function toNodeRow({
  nodeId,
  name,
  seen,
  apps,
  ingress,
  connectors,
  openings,
  released,
}: NodeRowParts): NodeRow {
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
    openings: toOpenings(seen, openings, apps),
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

/** What the node says is open counts; what is only wanted yet stands beside it. */
function toOpenings(
  seen: NodeView | undefined,
  wanted: FleetView['openings'],
  apps: NodeRow['apps'],
): NodeRow['openings'] {
  const observed = seen?.observed?.apps ?? [];
  const nameOf = (appId: string) => apps.find((app) => app.appId === appId)?.name ?? appId;
  const usersOf = (opening: Pick<Opening, 'name' | 'what'>) =>
    observed.flatMap(({ appId, exceptions }) => (usesOpening(exceptions, opening) ? [nameOf(appId)] : []));
  const open = observed.flatMap(({ appId, status, opening }): NodeRow['openings'] =>
    opening ? [{ ...opening, appId, status: status === 'away' ? 'away' : 'open', usedBy: usersOf(opening) }] : [],
  );
  const unsigned = wanted.filter(({ appId }) => !open.some((one) => one.appId === appId));
  return [
    ...open,
    ...unsigned.map(({ appId, name, what, path, readOnly }): NodeRow['openings'][number] => {
      return { appId, name, what, path, readOnly, status: 'unsigned', usedBy: usersOf({ name, what }) };
    }),
  ];
}
