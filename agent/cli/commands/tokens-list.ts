import { levelTrust, listTokens } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { formatAge } from '../output/format.ts';

/** Lists the API tokens, each checked against the order that made it. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const listed = await listTokens(fleet);
    if (!listed.ok) return listed;
    const { devices, nodes } = fleet.trust();
    const nowMs = context.clock.nowMs();
    const tokens = listed.value.map(({ token: { order: _, ...token }, isSigned }) => ({ ...token, isSigned }));
    return done(tokens, (out) => {
      if (tokens.length === 0) out.line('No API tokens: `overseer tokens add NAME` makes one.');
      else
        out.table(
          ['name', 'state', 'may', 'limits', 'until', 'made by', 'used', 'id'],
          tokens.map((token) => [
            token.name,
            token.state,
            token.verbs.join(', '),
            [
              ...(token.nodes ?? []).map((id) => `node ${nodes.get(id)?.name ?? id}`),
              ...(token.apps ?? []).map((id) => `app ${id}`),
            ].join(', ') || 'none',
            token.expiresAt,
            devices.get(token.by)?.name ?? token.by,
            token.lastUsedAt === null ? '-' : formatAge(token.lastUsedAt, nowMs),
            token.tokenId,
          ]),
        );
      for (const { name, tokenId } of tokens.filter(({ isSigned }) => !isSigned))
        out.note(
          `No device of this fleet signed "${name}" (${tokenId}) as the core shows it: do not trust this core.`,
          'bad',
        );
    });
  });
}
