import type { AppRow } from '#shared/contracts/ipc/index.ts';
import type { Job, NodeView } from '#shared/contracts/rest/index.ts';
import type { AppView } from '#shared/domain/apps/index.ts';
import type { SignedRelease } from '../../releases/release-chain.ts';
import { dueSecretsOf } from './secret-rows.ts';

/** Everything that one row of the list of apps is made of. */
export interface AppRowParts {
  readonly appId: string;
  readonly name: string;
  readonly kind: AppRow['kind'];
  /** nodeId */
  readonly node: string | null;
  readonly nodeName: string;
  /** Desired state; undefined for ingress and connectors, and where it can not be read. */
  readonly view: AppView | undefined;
  /** The last signed release that this device verified. */
  readonly base: SignedRelease | null;
  /** What the core tells of the node; undefined while nothing was heard of it. */
  readonly seen: NodeView | undefined;
  readonly job: Job | undefined;
  readonly isEdited: boolean;
  readonly isWaiting: boolean;
  readonly urls: readonly string[];
}

/** Makes the row of an app. */
export function toAppRow(parts: AppRowParts): AppRow {
  const { appId, node, nodeName, view, base, seen, job } = parts;
  const observed = seen?.observed?.apps.find((app) => app.appId === appId);
  const source = view?.source ?? (base?.body.kind === 'app' ? base.body.source : { kind: 'compose' as const });
  const atWork =
    job && (job.state === 'queued' || job.state === 'running')
      ? { id: job.id, verb: job.verb, state: job.state }
      : null;
  return {
    id: appId,
    name: parts.name,
    kind: parts.kind,
    node: node === null ? null : { nodeId: node, name: nodeName, status: seen?.status ?? 'unknown' },
    source:
      source.kind === 'catalog' ? { kind: 'catalog', id: source.id, version: source.version } : { kind: 'compose' },
    status: statusOf(parts, observed?.status),
    wanted: base?.body.state ?? null,
    urls: [...parts.urls],
    number: base?.number ?? 0,
    running: observed?.running?.number ?? null,
    job: atWork,
    edited: parts.isEdited,
    // While a job is at work it brings them.
    oldSecrets: view && !atWork ? dueSecretsOf({ view, base, observed }).map((secret) => secret.name) : [],
    voidSigner: base?.voidSigner ?? null,
    waiting: parts.isWaiting,
    clashes: [...(view?.clashes ?? [])],
    seenAt: observed ? (seen?.observed?.seenAt ?? null) : null,
  };
}

function statusOf({ base, seen, job }: AppRowParts, observed: AppRow['status'] | undefined): AppRow['status'] {
  if (observed !== undefined) return seen?.status === 'offline' ? 'unknown' : observed;
  if (job?.state === 'running') return 'applying';
  if (base === null) return 'draft';
  return base.body.state === 'removed' ? 'removed' : 'unknown';
}
