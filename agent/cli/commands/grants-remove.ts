import { giveGrant, levelTrust } from '#shared/device/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Takes a grant back. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const grant = fleet.trust().grants.get(input.arg(0));
    if (!grant) return err(noGrant(input.arg(0)));
    const taken = await giveGrant(context, fleet, { ...grant, role: null });
    return taken.ok ? done({ grantId: grant.grantId }, (out) => out.line('The grant counts no more.', 'good')) : taken;
  });
}

function noGrant(id: string) {
  return fault('grant.unknown', 'permanent', `there is no grant ${id}`, '`overseer grants list` shows all.', {
    field: 'grant',
  });
}
