import { discardIntent } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Gives up a waiting change; the edit itself stays. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const id = input.arg(0);
    const discarded = await discardIntent(fleet, id);
    if (!discarded.ok) return discarded;
    return done({ id, state: 'discarded' }, (out) =>
      out.line('Given up. The edit is kept; a new deploy plans it again.'),
    );
  });
}
