import {
  type AppBody,
  type AppView,
  appToBody,
  type FleetView,
  followLines,
  type Plan,
  planRelease,
} from '#shared/domain/apps/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { followAutomation } from '../../apps/follow-automation.ts';
import { gateProblems, openingProblems, routeProblems } from '../../apps/plan-app.ts';
import { findNode } from '../../fleet/find-node.ts';
import type { SignedRelease } from '../../releases/release-chain.ts';
import type { FleetHost } from '../fleet-host.ts';
import type { LivePlan } from './plan-book.ts';
import { toLivePlan } from './to-live-plan.ts';

/** The plan of an app's edits against its last signed release; null when there is nothing to sign. Asks nobody. */
export function planEdits(host: FleetHost, appId: string): Result<LivePlan | null> {
  const { model, fleet } = host;
  const view = model.view(appId);
  if (!view.ok) return view;
  const app = view.value;
  if (app.clashes.length > 0) return err(clashes(app));
  if (!model.isEdited(appId)) return ok(null);
  const base = model.base(appId);
  // An app that was removed before anything ran has nothing that could be taken away.
  if (base === null && app.state === 'removed') return ok(null);
  const index = model.index();
  const drafted = draftEdits(app, base, index);
  if (!drafted.ok) return drafted;
  const { body, plan, gates } = drafted.value;
  const node = findNode(fleet.trust(), app.node ?? undefined);
  if (!node.ok) return node;
  const blocked = [
    ...plan.blocked,
    ...gates,
    ...openingProblems(body, index, node.value),
    ...routeProblems(body, index, node.value),
  ];
  return ok(
    toLivePlan(host, {
      verb: 'deploy',
      appId,
      name: app.name,
      node: node.value,
      base,
      body,
      plan: { ...plan, blocked },
      ownerCopies: app.secrets.map(({ ownerCopy }) => ownerCopy),
      ownerCommand: `overseer apps deploy ${app.name}`,
      isOfEdits: true,
      follow: () => followAutomation(host.replica, appId, base?.byAutomation),
    }),
  );
}

interface DraftedEdits {
  readonly body: AppBody;
  readonly plan: Plan;
  /** What the node's first gate would refuse. */
  readonly gates: readonly Fault[];
}

interface KeptDraft {
  readonly base: SignedRelease | null;
  readonly around: string;
  readonly drafted: Result<DraftedEdits>;
}

const kept = new WeakMap<AppView, KeptDraft>();
const arounds = new WeakMap<FleetView, string>();

/**
 * What the edits alone come to. Kept as long as the app, its base and what it takes from the fleet are the same: with a
 * thousand edited apps one more edit must not read a thousand Compose files again.
 */
function draftEdits(app: AppView, base: SignedRelease | null, index: FleetView): Result<DraftedEdits> {
  const around = arounds.get(index) ?? JSON.stringify([index.ingresses, index.connectors]);
  arounds.set(index, around);
  const known = kept.get(app);
  if (known && known.base === base && known.around === around) return known.drafted;
  const body = appToBody(followLines(app, base?.byAutomation ?? null), index);
  const drafted: Result<DraftedEdits> = body.ok
    ? ok({
        body: body.value,
        plan: planRelease({ previous: base?.granted ?? null, next: body.value }),
        gates: gateProblems(body.value),
      })
    : body;
  kept.set(app, { base, around, drafted });
  return drafted;
}

function clashes(app: AppView) {
  return fault(
    'app.clash',
    'conflict',
    `${app.name} was edited in two places at once: ${app.clashes.join(', ')}`,
    'Choose one of the values for each; what you choose then counts.',
  );
}
