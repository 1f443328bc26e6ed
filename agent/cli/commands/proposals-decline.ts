import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Says no to a proposal; who asked reads the reason. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async ({ client }) => {
    const body = { reason: input.text('reason') ?? '' };
    const declined = await client.call('declineProposal', { params: { id: input.arg(0) }, body });
    return declined.ok ? done(declined.value, (out) => out.line('Declined; nothing was changed.', 'good')) : declined;
  });
}
