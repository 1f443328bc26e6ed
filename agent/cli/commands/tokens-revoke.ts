import { levelTrust, listTokens, revokeToken } from '#shared/device/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Ends an API token, by name or id. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const listed = await listTokens(fleet);
    if (!listed.ok) return listed;
    const wanted = input.arg(0);
    const named = listed.value.filter(({ token }) => token.tokenId === wanted || token.name === wanted);
    const active = named.filter(({ token }) => token.state === 'active');
    const found = active.length > 0 ? active : named;
    const [one] = found;
    if (one === undefined) return err(noToken(wanted));
    if (found.length > 1) return err(ambiguous(wanted, found));
    const revoked = await revokeToken(context, fleet, one.token.tokenId);
    if (!revoked.ok) return revoked;
    const { tokenId, name, state } = revoked.value;
    return done({ tokenId, name, state }, (out) => out.line(`The token "${name}" opens nothing any more.`, 'good'));
  });
}

function noToken(wanted: string) {
  const next = '`overseer tokens list` shows all.';
  return fault('token.absent', 'permanent', `there is no API token "${wanted}"`, next, { field: 'token' });
}

function ambiguous(wanted: string, found: readonly { token: { tokenId: string } }[]) {
  const next = `Give the id: ${found.map(({ token }) => token.tokenId).join(', ')}.`;
  return fault('token.ambiguous', 'conflict', `${found.length} tokens are called "${wanted}"`, next, {
    field: 'token',
  });
}
