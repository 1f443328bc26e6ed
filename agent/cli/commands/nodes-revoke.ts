import { findNode, levelTrust, levelWithCore, revokeNode } from '#shared/device/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { confirmName } from '../device/confirm-name.ts';
import { readExposedAnyhow } from '../fleet/read-exposed.ts';
import { printExposed, toExposedJson } from '../fleet/show-exposed.ts';
import type { VerbInput } from '../options.ts';

/** Ends a server: it gets no order and no secret any more. What runs on it runs on. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    // It may have come in since this device last looked.
    const read = await levelTrust(fleet);
    if (!read.ok) return read;
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    if (level.value.offline) return err(level.value.offline);
    const node = findNode(fleet.trust(), input.arg(0));
    if (!node.ok) return node;
    const { nodeId, name } = node.value;
    context.out.line(`ends    ${name} (${nodeId})`);
    context.out.line(
      'What runs on it runs on, out of reach: remove its apps first if that is not what you want.',
      'warn',
    );
    const exposed = await readExposedAnyhow(context, fleet, level.value, [{ what: 'node', id: nodeId }]);
    if (!exposed.ok) return exposed;
    if (exposed.value.length === 0) context.out.line('reads   no secret', 'good');
    else printExposed(context.out, fleet.trust(), exposed.value);
    const confirmed = await confirmName(context, input, name);
    if (!confirmed.ok) return confirmed;
    const revoked = await revokeNode(context, fleet, nodeId);
    if (!revoked.ok) return revoked;
    const json = { nodeId, name, exposed: toExposedJson(fleet.trust(), exposed.value) };
    return done(json, (out) => {
      out.line(`${name} is revoked.`, 'good');
      if (exposed.value.length > 0)
        out.line('Until they have another value, `overseer secrets exposed` lists what it could read.', 'warn');
    });
  });
}
