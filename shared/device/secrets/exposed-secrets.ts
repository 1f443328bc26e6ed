import { type AppView, parseFleetView, type ReleaseBody } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import {
  decideDeviceMay,
  isBelow,
  isOwnerDevice,
  stateBesideRevocations,
  type TrustState,
} from '#shared/trust/index.ts';
import { listAppViews } from '../apps/find-app.ts';

/** Whose reach is asked for. */
export type Reader = { readonly what: 'node' | 'device'; readonly id: string };

/**
 * A secret whose present value somebody could read. `by`: `node` its own sealed copy; `owner` the copy for owners' devices;
 * `deploy` by a release of the app, which hands it what the app is given.
 */
export interface ExposedSecret {
  readonly app: string;
  readonly appId: string;
  readonly kind: 'app' | 'connector';
  /** The app is gone, its secret may open doors elsewhere still. */
  readonly isRemoved: boolean;
  /** The app's server does not count any more: it needs another before it can get a new value. */
  readonly isStranded: boolean;
  /** It has another value already, and the one that was read runs until the app is deployed. */
  readonly waits: boolean;
  readonly name: string;
  readonly version: number;
  readonly by: 'node' | 'owner' | 'deploy';
  readonly reader: Reader;
  /** What to do about it. */
  readonly next: string;
}

interface KnownSecret {
  readonly app: string;
  readonly appId: string;
  readonly kind: ExposedSecret['kind'];
  readonly state: ReleaseBody['state'];
  readonly node: string | null;
  readonly nodeName: string;
  readonly secret: Pick<AppView['secrets'][number], 'name' | 'version' | 'nodeCopies' | 'madeAt'>;
  readonly waits: boolean;
}

/** What is asked about exposed secrets. */
export interface AboutExposed {
  readonly readers: readonly Reader[];
  readonly nowMs: number;
  /** Secrets of which an older value runs still: it counts until the app is deployed. */
  readonly due?: readonly { readonly appId: string; readonly name: string }[];
}

/**
 * What these nodes and devices could read of the present values: before they are revoked, and after, until each has got
 * another value, and of values that run still although there are newer ones. `trust` may name them as revoked.
 */
export function exposedSecrets(
  trust: TrustState,
  replica: Replica,
  about: AboutExposed,
): Result<readonly ExposedSecret[]> {
  const known = listKnown(trust, replica, about.due ?? []);
  if (!known.ok) return known;
  const found = about.readers.flatMap((reader) => {
    const reach = reachOf(trust, reader, about.nowMs);
    return known.value.flatMap((one): ExposedSecret[] => {
      const by = reach(one);
      if (by === null) return [];
      const { app, appId, kind, state, node, secret, waits } = one;
      const { name, version } = secret;
      const isRemoved = state === 'removed';
      const isStranded = !trust.nodes.has(node ?? '');
      return [
        { app, appId, kind, isRemoved, isStranded, waits, name, version, by, reader, next: nextFor(one, isStranded) },
      ];
    });
  });
  return ok(found);
}

/** What of a secret decides who could read it. */
export type SealedSecret = Pick<KnownSecret, 'appId' | 'kind' | 'node'> & {
  readonly secret: Pick<KnownSecret['secret'], 'nodeCopies' | 'madeAt'>;
};

/** Those of these readers that could read a secret's present value, for each secret that is asked about. */
export function readersOf(
  trust: TrustState,
  readers: readonly Reader[],
  nowMs: number,
): (one: SealedSecret) => readonly Reader[] {
  const reaches = readers.map((reader) => ({ reader, reach: reachOf(trust, reader, nowMs) }));
  return (one) => reaches.filter(({ reach }) => reach(one) !== null).map(({ reader }) => reader);
}

/** Its name, also after it was revoked. */
export function readerName(trust: TrustState, { what, id }: Reader): string {
  const known =
    what === 'node'
      ? (trust.nodes.get(id) ?? trust.revokedNodes.get(id))
      : (trust.devices.get(id) ?? trust.revokedDevices.get(id)?.device);
  return known?.name ?? id;
}

/** Every node and device that was revoked. */
export function revokedReaders(trust: TrustState): readonly Reader[] {
  return [
    ...[...trust.revokedNodes.keys()].map((id): Reader => ({ what: 'node', id })),
    ...[...trust.revokedDevices.keys()].map((id): Reader => ({ what: 'device', id })),
  ];
}

function listKnown(
  trust: TrustState,
  replica: Replica,
  due: NonNullable<AboutExposed['due']>,
): Result<readonly KnownSecret[]> {
  const views = listAppViews(replica);
  if (!views.ok) return views;
  const index = parseFleetView(replica.snapshot('fleet'));
  if (!index.ok) return index;
  const nameOf = (node: string | null): string =>
    (trust.nodes.get(node ?? '') ?? trust.revokedNodes.get(node ?? ''))?.name ?? node ?? '';
  const all: KnownSecret[] = [
    ...views.value.flatMap(({ appId, name: app, state, node, secrets }) =>
      secrets.flatMap((secret) => {
        const of = { app, appId, kind: 'app' as const, state, node, nodeName: nameOf(node) };
        const isDue = due.some((one) => one.appId === appId && one.name === secret.name);
        const running = isDue && secret.signed ? [{ ...of, secret: { ...secret.signed, name: secret.name } }] : [];
        return [{ ...of, secret, waits: false }, ...running.map((one) => ({ ...one, waits: true }))];
      }),
    ),
    ...index.value.connectors.flatMap(({ appId, vendor: app, node, secrets }) =>
      secrets.map((secret) => ({
        ...{ app, appId, kind: 'connector' as const, state: 'running' as const },
        ...{ node, nodeName: nameOf(node), secret, waits: false },
      })),
    ),
  ];
  return ok(all.toSorted((a, b) => compareTexts(`${a.app} ${a.secret.name}`, `${b.app} ${b.secret.name}`)));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How a reader comes by a secret, or null. */
function reachOf(trust: TrustState, reader: Reader, nowMs: number): (one: SealedSecret) => ExposedSecret['by'] | null {
  const { what, id } = reader;
  // A new value is sealed to the nodes that need it then, so a copy for this node is one of the present value.
  if (what === 'node') return ({ secret }) => (secret.nodeCopies[id] === undefined ? null : 'node');
  const by = trust.revokedDevices.get(id)?.by ?? [];
  const before = by.length === 0 ? trust : stateBesideRevocations(trust, id);
  const isOwner = isOwnerDevice(before, id);
  return ({ kind, appId, node, secret }) => {
    if (by.length > 0 && secret.madeAt && isBelow(trust, by, secret.madeAt)) return null;
    if (isOwner) return 'owner';
    // Connectors and their credentials are an owner's alone.
    if (kind === 'connector') return null;
    const nodes = new Set([...Object.keys(secret.nodeCopies), ...(node === null ? [] : [node])]);
    const may = [...nodes].some((one) => decideDeviceMay(before, id, 'deploy', { appId, node: one, now: nowMs }).ok);
    return may ? 'deploy' : null;
  };
}

function nextFor({ kind, app, nodeName, state, secret, waits }: KnownSecret, isStranded: boolean): string {
  if (kind === 'connector') return `overseer integrations ${app} set --node ${nodeName} --token-file FILE`;
  if (state === 'removed') return 'end it where it came from: the app is removed';
  if (isStranded)
    return `overseer apps deploy ${app} --node NODE, for its server is gone; then overseer secrets rotate ${app} ${secret.name}`;
  if (waits) return `overseer apps deploy ${app}`;
  return `overseer secrets rotate ${app} ${secret.name}, or with --file FILE where the value comes from elsewhere`;
}
