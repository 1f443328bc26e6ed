import type { Result } from '#shared/kernel/index.ts';
import { openDeployedApp, orderState } from '../apps/order-state.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Starts a stopped app as its last release was. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const app = await openDeployedApp(context, fleet, input.arg(0));
    if (!app.ok) return app;
    const { name } = app.value.view;
    const about = { order: { verb: 'start' }, question: `Start ${name}?`, success: `${name} runs` } as const;
    return orderState(context, fleet, input, app.value, about);
  });
}
