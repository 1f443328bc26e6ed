import { chooseRollback, draftApp, planBody, planProblem, urlsOf, writeRollback } from '#shared/device/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { openDeployedApp } from '../apps/order-state.ts';
import { type CliContext, type Done, isByToken, withFleet } from '../context.ts';
import { numberOption, type VerbInput } from '../options.ts';
import { deliverChange } from '../releases/deliver.ts';
import { confirmPlan, printPlan } from '../releases/show-plan.ts';
import { proposeByToken } from '../token/propose.ts';

/** Goes back to an earlier release: its body under a new number, and desired state with it. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  if (isByToken(context)) return proposeByToken(context, input, 'rollback');
  return withFleet(context, async (fleet) => {
    const to = numberOption(input, 'to', '--to', 1, Number.MAX_SAFE_INTEGER);
    if (!to.ok) return to;
    const app = await openDeployedApp(context, fleet, input.arg(0));
    if (!app.ok) return app;
    const { view, replica, offline } = app.value;
    if (offline) return err(offline);
    const target = await chooseRollback(fleet, view, to.value);
    if (!target.ok) return target;
    const { number, body } = target.value;
    const planned = await planBody(context, fleet, view, body, true);
    if (!planned.ok) return planned;
    const { plan, node } = planned.value;
    printPlan(context.out, `Back to release ${number} of ${view.name} on ${node.name}`, plan);
    const fine = planProblem(plan);
    if (!fine.ok) return fine;
    const confirmed = await confirmPlan(context, input, `Roll ${view.name} back?`);
    if (!confirmed.ok) return confirmed;
    const edited = await writeRollback(replica, planned.value);
    if (!edited.ok) return edited;
    return deliverChange(context, fleet, input, {
      draft: draftApp(planned.value, 'rollback'),
      lines: plan.lines.map(({ text }) => text),
      offline: undefined,
      finish: {
        name: view.name,
        urls: urlsOf(replica, node, body),
        success: `${view.name} runs what release ${number} ran`,
      },
    });
  });
}
