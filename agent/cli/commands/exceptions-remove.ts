import { removeException } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { deployExceptions, openApp } from '../apps/deploy-exceptions.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Takes an exception back, and signs that: the guardrail stands again for the app. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const app = await openApp(context, fleet, input);
    if (!app.ok) return app;
    const aside = { rule: input.arg(1), service: input.text('service') ?? null, value: input.arg(2) };
    const view = await removeException(app.value.replica, app.value.view, aside);
    return view.ok ? deployExceptions(context, fleet, input, { ...app.value, view: view.value }) : view;
  });
}
