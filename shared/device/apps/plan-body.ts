import { type AppBody, type AppView, type Plan, planRelease, type ReleaseBody } from '#shared/domain/apps/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import type { DesiredState } from '#shared/replica/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import { findNode } from '../fleet/find-node.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { readBase, readLocalBase, type SignedRelease } from '../releases/release-chain.ts';
import { type ChangeDraft, draftChange } from '../releases/sign-change.ts';
import { readFleetView } from './find-app.ts';

/** What a release of an app would do. */
export interface PlannedApp {
  readonly view: AppView;
  readonly node: NodeIdentity;
  readonly body: AppBody;
  readonly base: SignedRelease | null;
  readonly plan: Plan;
}

/**
 * Plans a given body of an app against its last signed release: what rollback, stop, start and remove do. Without the
 * core (`online` false) that is the last release this device knows.
 */
export async function planBody(
  context: DeviceContext,
  fleet: Fleet,
  view: AppView,
  body: AppBody,
  online: boolean,
): Promise<Result<PlannedApp>> {
  const node = findNode(fleet.trust(), view.node ?? undefined);
  if (!node.ok) return node;
  const { nodeId } = node.value;
  const base = online
    ? await readBase(fleet, context.clock, view.appId, nodeId)
    : await readLocalBase(fleet, view.appId, nodeId);
  if (!base.ok) return base;
  const plan = planRelease({ previous: base.value?.granted ?? null, next: body });
  return ok({ view, node: node.value, body, base: base.value, plan });
}

/** The draft of a planned app. */
export function draftApp(planned: PlannedApp, verb: ChangeDraft['verb']): ChangeDraft {
  const { view, node, base, plan } = planned;
  const ownerCopies = view.secrets.map(({ ownerCopy }) => ownerCopy);
  return draftChange({ verb, appId: view.appId, node: node.nodeId, base, plan, body: planned.body, ownerCopies });
}

/** The faults that keep a plan from being signed; the first speaks. */
export function planProblem(plan: Plan): Result<void> {
  const first = plan.blocked[0];
  return first ? err(first) : ok();
}

/** Whether the last signed release asks for exactly this body. */
export function isSameBody(base: SignedRelease | null, body: ReleaseBody): boolean {
  return base !== null && JSON.stringify(base.body) === JSON.stringify(body);
}

/** Addresses that answer when the app runs, with the ports of its node's ingress where they are not the usual ones. */
export function urlsOf(replica: DesiredState, node: NodeIdentity, body: AppBody): string[] {
  const index = readFleetView(replica);
  const ingress = index.ok ? index.value.ingresses.find((item) => item.node === node.nodeId) : undefined;
  return body.routes.map(({ hostname, tls }) => {
    const isSecure = tls === 'acme';
    const port = isSecure ? (ingress?.httpsPort ?? 443) : (ingress?.httpPort ?? 80);
    return `${isSecure ? 'https' : 'http'}://${hostname}${port === (isSecure ? 443 : 80) ? '' : `:${port}`}`;
  });
}
