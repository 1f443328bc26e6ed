import { type AppView, appToBody, planRelease } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { gateProblems, routeProblems } from '../../apps/plan-app.ts';
import { findNode } from '../../fleet/find-node.ts';
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
  const body = appToBody(app, index);
  if (!body.ok) return body;
  const node = findNode(fleet.trust(), app.node ?? undefined);
  if (!node.ok) return node;
  const plan = planRelease({ previous: base?.granted ?? null, next: body.value });
  const blocked = [...plan.blocked, ...gateProblems(body.value), ...routeProblems(body.value, index, node.value)];
  return ok(
    toLivePlan(host, {
      verb: 'deploy',
      appId,
      name: app.name,
      node: node.value,
      base,
      body: body.value,
      plan: { ...plan, blocked },
      ownerCopies: app.secrets.map(({ ownerCopy }) => ownerCopy),
      ownerCommand: `overseer apps deploy ${app.name}`,
      isOfEdits: true,
    }),
  );
}

function clashes(app: AppView) {
  return fault(
    'app.clash',
    'conflict',
    `${app.name} was edited in two places at once: ${app.clashes.join(', ')}`,
    'Choose one of the values for each; what you choose then counts.',
  );
}
