import { err, fault, type Result } from '#shared/kernel/index.ts';
import { changeState, openDeployedApp } from '../apps/change-state.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Stops an app; routes, records and data stay. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const app = await openDeployedApp(context, fleet, input.arg(0));
    if (!app.ok) return app;
    const { name } = app.value.view;
    if (app.value.body.state !== 'running') {
      return err(
        fault('app.not-running', 'conflict', `${name} is ${app.value.body.state}`, 'There is nothing to stop.'),
      );
    }
    const change = { state: 'stopped' } as const;
    const about = { verb: 'stop', change, question: `Stop ${name}?`, success: `${name} is stopped` } as const;
    return changeState(context, fleet, input, app.value, about);
  });
}
