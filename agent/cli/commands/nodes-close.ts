import { findNode, levelWithCore, prepareClosing } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { releaseSettings } from '../releases/release-settings.ts';
import { readKind } from './nodes-open.ts';

/** Closes what was opened; names the apps that still use it. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const what = readKind(input);
    if (!what.ok) return what;
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    const node = findNode(fleet.trust(), input.text('node'));
    if (!node.ok) return node;
    const wish = { what: what.value, name: input.arg(1) };
    const prepared = prepareClosing(replica, { node: node.value, wish });
    if (!prepared.ok) return prepared;
    const success = `the ${wish.what} "${wish.name}" of ${node.value.name} is closed to apps`;
    return releaseSettings(context, fleet, input, { ...prepared.value, offline, success });
  });
}
