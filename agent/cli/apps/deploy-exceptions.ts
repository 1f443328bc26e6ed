import {
  draftApp,
  type Fleet,
  findApp,
  isSameBody,
  type Level,
  levelWithCore,
  planApp,
  planProblem,
  urlsOf,
} from '#shared/device/index.ts';
import type { AppView } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { faultInFlags } from '../fault-in-flags.ts';
import type { VerbInput } from '../options.ts';
import { deliverChange } from '../releases/deliver.ts';
import { confirmPlan, printPlan } from '../releases/show-plan.ts';

/** The app that the first argument names, and the replica it was read from. */
export async function openApp(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
): Promise<Result<Level & { readonly view: AppView }>> {
  const level = await levelWithCore(context, fleet);
  if (!level.ok) return level;
  const view = findApp(level.value.replica, input.arg(0));
  return view.ok ? ok({ ...level.value, view: view.value }) : view;
}

/** Plans an app whose exceptions were edited, asks, signs and delivers; with --no-deploy the edit is only kept. */
export async function deployExceptions(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  { replica, offline, view }: Level & { readonly view: AppView },
): Promise<Result<Done>> {
  const exceptions = view.exceptions.map(({ rule, service, value, reason }) => ({ rule, service, value, reason }));
  if (input.choice('deploy') === false) {
    if (!offline) await fleet.sync();
    const json = { appId: view.appId, name: view.name, exceptions, changed: false };
    return done(json, (out) => out.line(`Kept; the next deploy of ${view.name} signs it.`, 'good'));
  }
  const online = offline === undefined;
  const planned = await planApp(context, fleet, replica, view, {
    online,
    chooseAddress: async ({ detected }) => detected,
  });
  if (!planned.ok) return planned;
  const { node, body, base, plan } = planned.value;
  if (isSameBody(base, body) && online) {
    const json = { appId: view.appId, name: view.name, exceptions, changed: false };
    return done(json, (out) => out.line(`${view.name} is signed like this already.`, 'good'));
  }
  printPlan(context.out, `Plan for ${view.name} on ${node.name}`, { ...plan, blocked: plan.blocked.map(faultInFlags) });
  const fine = planProblem(plan);
  if (!fine.ok) return fine;
  const confirmed = await confirmPlan(context, input, `Deploy ${view.name}?`);
  if (!confirmed.ok) return confirmed;
  return deliverChange(context, fleet, input, {
    draft: draftApp(planned.value, 'deploy'),
    lines: plan.lines.map(({ text }) => text),
    offline,
    finish: {
      name: view.name,
      urls: urlsOf(replica, node, body),
      success: `${view.name} runs on ${node.name}`,
    },
  });
}
