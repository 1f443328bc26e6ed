import { err, fault, type Result } from '#shared/kernel/index.ts';
import { changeState, openDeployedApp } from '../apps/change-state.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Starts a stopped app as its last release was. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const app = await openDeployedApp(context, fleet, input.arg(0));
    if (!app.ok) return app;
    const { name } = app.value.view;
    if (app.value.body.state === 'removed') {
      return err(
        fault('app.removed', 'conflict', `${name} was removed`, `Bring it back with \`overseer apps deploy ${name}\`.`),
      );
    }
    if (app.value.body.state === 'running') {
      return err(fault('app.not-stopped', 'conflict', `${name} is meant to run already`, 'See `overseer apps show`.'));
    }
    const change = { state: 'running' } as const;
    const about = { verb: 'start', change, question: `Start ${name}?`, success: `${name} runs` } as const;
    return changeState(context, fleet, input, app.value, about);
  });
}
