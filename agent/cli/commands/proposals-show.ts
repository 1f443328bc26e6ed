import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { printProposal } from '../output/proposal-text.ts';
import { readWait } from '../releases/read-wait.ts';
import { withCore } from '../token/token-client.ts';
import { waitForProposal } from '../token/wait-for-proposal.ts';

/** Shows one proposal; with --wait follows it to its end. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withCore(context, async (client) => {
    const wait = readWait(input, Number.POSITIVE_INFINITY);
    if (!wait.ok) return wait;
    const id = input.arg(0);
    const shown = await client.call('showProposal', { params: { id } });
    if (!shown.ok) return shown;
    const isAskedToWait = input.flag('wait') || input.text('wait') !== undefined;
    if (isAskedToWait) return waitForProposal(context, client, id, wait.value.minutes);
    return done(shown.value, (out) => printProposal(out, shown.value));
  });
}
