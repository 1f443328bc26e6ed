import { discardIntent } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** An edit that the core did not take has the hash of its first row as its id; a change has a random id. */
const REFUSED = /^[0-9a-f]{64}$/;

/** Gives up a waiting change, whose edit stays, or an edit that the core did not take. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const id = input.arg(0);
    if (REFUSED.test(id)) {
      const replica = await fleet.replica();
      const settled = replica.ok ? await replica.value.settleRefused(id, 'discard') : replica;
      return settled.ok ? done({ id, state: 'discarded' }, (out) => out.line('The edit is discarded.')) : settled;
    }
    const discarded = await discardIntent(fleet, id);
    if (!discarded.ok) return discarded;
    return done({ id, state: 'discarded' }, (out) =>
      out.line('Given up. The edit is kept; a new deploy plans it again.'),
    );
  });
}
