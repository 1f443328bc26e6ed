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
    const { token, ended, left } = revoked.value;
    const { tokenId, name, state } = token;
    const grants = { ended: ended.map(({ grantId }) => grantId), left: left.map(({ grant }) => grant.grantId) };
    return done({ tokenId, name, state, grants }, (out) => {
      out.line(`The token "${name}" opens nothing any more.`, 'good');
      if (ended.length > 0) out.line('What was granted to it, logs in clear text, counts no more either.');
      for (const { grant, why } of left) {
        out.line(`A grant of logs to it still counts: ${why.message}.`, 'bad');
        out.line(`Take it back with \`overseer grants remove ${grant.grantId}\`.`);
      }
    });
  });
}
