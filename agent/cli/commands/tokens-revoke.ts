import { levelTrust, revokeToken } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { findToken } from '../fleet/find-token.ts';
import type { VerbInput } from '../options.ts';

/** Ends an API token, by name or id. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const found = await findToken(fleet, input.arg(0));
    if (!found.ok) return found;
    const revoked = await revokeToken(context, fleet, found.value.tokenId);
    if (!revoked.ok) return revoked;
    const { tokenId, name, state } = revoked.value;
    return done({ tokenId, name, state }, (out) => out.line(`The token "${name}" opens nothing any more.`, 'good'));
  });
}
