import { findNode, levelTrust, revokeNode } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { confirmName } from '../device/confirm-name.ts';
import type { VerbInput } from '../options.ts';

/** Ends a server: it gets no order and no secret any more. What runs on it runs on. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const node = findNode(fleet.trust(), input.arg(0));
    if (!node.ok) return node;
    const { nodeId, name } = node.value;
    context.out.line(`ends    ${name} (${nodeId})`);
    context.out.line(
      'What runs on it runs on, out of reach: remove its apps first if that is not what you want.',
      'warn',
    );
    const confirmed = await confirmName(context, input, name);
    if (!confirmed.ok) return confirmed;
    const revoked = await revokeNode(context, fleet, nodeId);
    if (!revoked.ok) return revoked;
    return done({ nodeId, name }, (out) => {
      out.line(`${name} is revoked.`, 'good');
      out.line('Secrets of its apps are known to whoever has it: change them where that matters.', 'warn');
    });
  });
}
