import { addException } from '#shared/device/index.ts';
import { decideException } from '#shared/domain/policies/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { deployExceptions, openApp } from '../apps/deploy-exceptions.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { requiredText, type VerbInput } from '../options.ts';

/** Sets a guardrail aside for one app and one value, with a reason, and signs that. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const reason = requiredText(input, 'reason', '--reason');
    if (!reason.ok) return reason;
    const rule = input.arg(1);
    const possible = decideException(rule);
    if (!possible.ok) return possible;
    const app = await openApp(context, fleet, input);
    if (!app.ok) return app;
    const aside = { rule, service: input.text('service') ?? null, value: input.arg(2), reason: reason.value };
    const view = await addException(app.value.replica, app.value.view, aside);
    return view.ok ? deployExceptions(context, fleet, input, { ...app.value, view: view.value }) : view;
  });
}
