import type { CallOutput } from '#shared/contracts/ipc/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { flushOutbox, keepIntent } from '../../releases/outbox.ts';
import { readBase } from '../../releases/release-chain.ts';
import { submitChange } from '../../releases/sign-change.ts';
import type { FleetHost } from '../fleet-host.ts';
import { clashOf } from './list-pending.ts';
import { type LivePlan, planChanged } from './plan-book.ts';
import { planEdits } from './plan-edits.ts';

/**
 * Signs exactly what was shown. A plan whose app or base has changed since is refused; while the core is away the change
 * waits unsigned in the outbox.
 */
export async function confirmPlan(host: FleetHost, planId: string): Promise<Result<CallOutput<'confirmPlan'>>> {
  const found = host.plans.find(planId);
  if (!found.ok) return found;
  const plan = found.value;
  const { view, draft } = plan;
  if (view.ownerCommand !== null) return err(needsOwner(view.ownerCommand));
  const [blocked] = view.blocked;
  if (blocked) return err(blocked as Fault);
  await host.views.flush(`app:${draft.appId}`);
  const same = checkUnchanged(host, plan, planId);
  if (!same.ok) return same;
  if (!host.isOnline()) return putAside(host, plan);

  const base = await readBase(host.fleet, host.context.clock, draft.appId, draft.node);
  if (!base.ok) return base.error.kind === 'transient' ? putAside(host, plan) : base;
  if (base.value?.header !== draft.base?.header) {
    await host.model.reloadBase(draft.appId);
    host.refresh([draft.appId]);
    return err(planChanged());
  }
  const followed = await plan.follow();
  if (!followed.ok) return followed;
  const sent = await submitChange(host.fleet, host.context, followed.value);
  if (!sent.ok) return sent.error.kind === 'transient' ? putAside(host, plan) : sent;
  host.plans.drop(planId);
  await host.model.reloadBase(draft.appId);
  host.refresh([draft.appId]);
  return ok({ outcome: 'sent', jobs: sent.value.jobs, number: sent.value.number });
}

function checkUnchanged(host: FleetHost, plan: LivePlan, planId: string): Result<void> {
  const { draft } = plan;
  if (plan.isOfEdits) {
    const now = planEdits(host, draft.appId);
    if (!now.ok) return now;
    return now.value?.view.planId === planId ? ok() : err(planChanged());
  }
  return host.model.base(draft.appId)?.header === draft.base?.header ? ok() : err(planChanged());
}

async function putAside(host: FleetHost, plan: LivePlan): Promise<Result<CallOutput<'confirmPlan'>>> {
  const { view } = plan;
  const followed = await plan.follow();
  if (!followed.ok) return followed;
  const lines = view.lines.map(({ text }) => text);
  const intent = await keepIntent(host.context, host.fleet, { name: view.appName, lines, draft: followed.value });
  host.plans.drop(view.planId);
  await host.intentsChanged();
  return ok({ outcome: 'waiting', intent: intent.id });
}

/** Signs what waited, now that the core answers; what clashes is told and stays in sight (P2). */
export async function flushIntents(host: FleetHost): Promise<void> {
  for (const { intent, name, sent, refusal } of await flushOutbox(host.context, host.fleet)) {
    await host.model.reloadBase(intent.appId);
    if (sent) continue;
    host.notices.add(clashOf({ fault: refusal === null ? null : JSON.stringify(refusal) }, name));
  }
}

function needsOwner(command: string) {
  return fault(
    'plan.needs-owner',
    'denied',
    'this device may not sign that',
    `Run \`${command}\` on an owner’s computer; what you edited is there already.`,
  );
}
