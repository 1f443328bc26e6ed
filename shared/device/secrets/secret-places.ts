import { type AppView, dueSecrets, type SecretOnNode, secretsOnNode } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { readAnyBase } from '../releases/release-chain.ts';

/** What the core tells of an app. */
export type SeenApp = {
  readonly node: string | null;
  readonly number: number;
  readonly observed: { readonly running: { readonly header: string } | null } | null;
};

/**
 * Where each secret of an app stands: on the node that it is wanted on, and on every other that has a release of it. A
 * release that somebody else signed since is read from the core, where `seen` tells that there is one.
 */
export async function readSecretPlaces(
  context: DeviceContext,
  fleet: Fleet,
  view: AppView,
  seen: SeenApp | undefined,
): Promise<Result<readonly SecretOnNode[]>> {
  const { appId } = view;
  if (view.secrets.length === 0) return ok([]);
  const places: SecretOnNode[] = [];
  for (const node of fleet.trust().nodes.keys()) {
    const isWanted = node === view.node;
    const base = await readAnyBase(context, fleet, { appId, node }, isWanted ? (seen?.number ?? 0) : 0);
    if (!base.ok) return base;
    if (!isWanted && (base.value === null || base.value.body.state === 'removed')) continue;
    const observed = seen?.node === node ? seen.observed : null;
    const running = observed === null ? undefined : (observed.running?.header ?? null);
    places.push(...secretsOnNode(view, { node, base: base.value, running }));
  }
  return ok(places);
}

/** Secrets of these apps of which an older value runs somewhere; `seen` is what the core tells of each app. */
export async function readDueSecrets(
  context: DeviceContext,
  fleet: Fleet,
  views: readonly AppView[],
  seen: ReadonlyMap<string, SeenApp>,
): Promise<Result<readonly DueSecret[]>> {
  const due: DueSecret[] = [];
  for (const view of views) {
    const places = await readSecretPlaces(context, fleet, view, seen.get(view.appId));
    if (!places.ok) return places;
    for (const place of dueSecrets(places.value)) due.push({ ...place, appId: view.appId, app: view.name });
  }
  return ok(due);
}

/** A secret of an app of which an older value runs. */
export type DueSecret = SecretOnNode & { readonly appId: string; readonly app: string };
