import {
  draftSettings,
  type Fleet,
  planProblem,
  planSettings,
  type Settings,
  settingsRun,
} from '#shared/device/index.ts';
import type { Fault, Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { deliverChange } from './deliver.ts';
import { confirmPlan, printPlan } from './show-plan.ts';

/** Plans, confirms and delivers what is not an app: the ingress, a connector or an opening of a node. */
export async function releaseSettings(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  about: {
    settings: Settings;
    offline: Fault | undefined;
    success: string;
    /** Why it must not be signed, beside what its plan says. */
    blocked?: readonly Fault[];
    /** Lets desired state follow, where it was not edited before. */
    follow?: () => Promise<Result<void>>;
  },
): Promise<Result<Done>> {
  const { settings, offline, success } = about;
  const planned = await planSettings(context, fleet, settings, offline === undefined);
  if (!planned.ok) return planned;
  const { appId, node, body, base, plan } = planned.value;
  if (plan.lines.length === 0 && !offline && (await settingsRun(fleet, planned.value))) {
    const json = { appId, name: body.name, number: base?.number, outcome: 'succeeded', changed: false };
    return done(json, (out) => out.line(`${success}; nothing to change.`, 'good'));
  }
  printPlan(context.out, `Plan for ${body.name} on ${node.name}`, plan);
  const fine = planProblem({ ...plan, blocked: [...plan.blocked, ...(about.blocked ?? [])] });
  if (!fine.ok) return fine;
  const confirmed = await confirmPlan(context, input, 'Go on?');
  if (!confirmed.ok) return confirmed;
  const followed = await about.follow?.();
  if (followed && !followed.ok) return followed;
  return deliverChange(context, fleet, input, {
    draft: draftSettings(planned.value),
    lines: plan.lines.map(({ text }) => text),
    offline,
    finish: { name: body.name, urls: [], success },
  });
}
