import { findNode, letNodeGoOn, levelTrust } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { confirmName } from '../device/confirm-name.ts';
import type { VerbInput } from '../options.ts';

/** HOLD-6: lets a server go on that has forgotten what nobody can give back. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const node = findNode(fleet.trust(), input.arg(0));
    if (!node.ok) return node;
    const { nodeId, name } = node.value;
    const went = await letNodeGoOn(context, fleet, nodeId, async ({ why, ownSeq, seenSeq }) => {
      context.out.line(why.message, 'warn');
      context.out.line(
        `${name} goes on from entry ${ownSeq} of its own chain; what it wrote up to entry ${seenSeq} is gone, and with it which releases it had taken.`,
        'warn',
      );
      context.out.line('Deploy its apps anew afterwards: until then an older release could be given to it.', 'warn');
      return confirmName(context, input, name);
    });
    if (!went.ok) return went;
    return done({ nodeId, name }, (out) => out.line(`${name} takes changes again.`, 'good'));
  });
}
