import { findNode, levelWithCore, prepareOpening } from '#shared/device/index.ts';
import type { OpeningKind } from '#shared/domain/policies/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { badOption, type VerbInput } from '../options.ts';
import { releaseSettings } from '../releases/release-settings.ts';

/** Opens a folder or device of a node to apps under a name. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const what = readKind(input);
    if (!what.ok) return what;
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    const node = findNode(fleet.trust(), input.text('node'));
    if (!node.ok) return node;
    const wish = { what: what.value, name: input.arg(1), path: input.arg(2), readOnly: input.flag('readOnly') };
    const prepared = prepareOpening(context, replica, { node: node.value, wish });
    if (!prepared.ok) return prepared;
    const success = `${wish.path} of ${node.value.name} is open to apps as "${wish.name}"`;
    return releaseSettings(context, fleet, input, { ...prepared.value, offline, success });
  });
}

/** The first argument of `nodes open` and `nodes close`. */
export function readKind(input: VerbInput): Result<OpeningKind> {
  const what = input.arg(0);
  if (what === 'folder' || what === 'device') return ok(what);
  return err(badOption('cli.bad-option', 'what', `"${what}" can not be opened`, 'Write folder or device.'));
}
