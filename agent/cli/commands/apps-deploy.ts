import {
  draftApp,
  type Fleet,
  followAutomation,
  isSameBody,
  levelWithCore,
  type PlannedApp,
  planProblem,
  urlsOf,
} from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { deployLines, signsLines } from '../apps/deploy-lines.ts';
import { planFromOptions } from '../apps/plan-from-options.ts';
import { type CliContext, type Done, done, isByToken, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { deliverChange } from '../releases/deliver.ts';
import { confirmPlan, printPlan } from '../releases/show-plan.ts';
import { voidText } from '../releases/void-text.ts';
import { proposeByToken } from '../token/propose.ts';

/** Edits, plans, confirms, signs and deploys an app, and follows it to the end. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  if (isByToken(context)) return proposeByToken(context, input, 'deploy');
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    if (signsLines(fleet, input)) return deployLines(context, fleet, input, level.value);
    const planned = await planFromOptions(context, fleet, replica, input, offline === undefined);
    if (!planned.ok) return planned;
    const { view, node, body, base, plan } = planned.value;
    const urls = urlsOf(replica, node, body);
    // A release that does not stand is signed anew, also where it asks for the same.
    if (isSameBody(base, body) && !offline && !base?.voidSigner) {
      const same = await alreadyRuns(fleet, planned.value, urls);
      if (same) return same;
      context.out.note('The last release asks for the same and does not run; it is released once more.', 'warn');
    }
    printPlan(context.out, `Plan for ${view.name} on ${node.name}`, plan);
    const warning = voidText(view.name, base);
    if (warning) context.out.line(`  ${warning}`, 'warn');
    const fine = planProblem(plan);
    if (!fine.ok) return fine;
    const confirmed = await confirmPlan(context, input, `Deploy ${view.name}?`);
    if (!confirmed.ok) return confirmed;
    const followed = await followAutomation(replica, view.appId, base?.byAutomation);
    if (!followed.ok) return followed;
    return deliverChange(context, fleet, input, {
      draft: draftApp(planned.value, 'deploy'),
      lines: plan.lines.map(({ text }) => text),
      offline,
      finish: { name: view.name, urls, success: `${view.name} runs on ${node.name}` },
    });
  });
}

/** A deploy that changes nothing and runs already is done; its last job says how it went. */
async function alreadyRuns(fleet: Fleet, planned: PlannedApp, urls: string[]): Promise<Result<Done> | undefined> {
  const { view, base } = planned;
  const shown = await fleet.client.call('showApp', { params: { id: view.appId } });
  const running = shown.ok ? shown.value.observed?.running : undefined;
  if (running?.header !== base?.header) return undefined;
  const json = { appId: view.appId, name: view.name, number: base?.number, outcome: 'succeeded', changed: false, urls };
  return done(json, (out) => {
    out.line(`${view.name} already runs as wanted (release ${base?.number}).`, 'good');
    for (const url of urls) out.line(url, 'strong');
  });
}
