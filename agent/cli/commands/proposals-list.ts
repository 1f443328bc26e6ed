import { proposalStateSchema } from '#shared/contracts/rest/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { badOption, type VerbInput } from '../options.ts';
import { formatAge } from '../output/format.ts';
import { withCore } from '../token/token-client.ts';

/** Lists unsigned wishes: those that wait, or with --all what became of the others too. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withCore(context, async (client) => {
    const wanted = input.text('state') ?? (input.flag('all') ? undefined : 'awaiting-signature');
    const state = proposalStateSchema.optional().safeParse(wanted);
    if (!state.success) {
      const next = `Choose one of: ${proposalStateSchema.options.join(', ')}.`;
      return err(badOption('cli.bad-option', '--state', `"${wanted}"`, next));
    }
    const listed = await client.call('listProposals', state.data === undefined ? {} : { query: { state: state.data } });
    if (!listed.ok) return listed;
    const { proposals } = listed.value;
    const nowMs = context.clock.nowMs();
    return done(proposals, (out) => {
      if (proposals.length === 0) out.line(wanted === undefined ? 'No proposals.' : 'No proposals wait.');
      else
        out.table(
          ['id', 'state', 'verb', 'app', 'by', 'made', 'until', 'note'],
          proposals.map((item) => [
            item.id,
            item.state,
            item.verb,
            item.verb === 'create' ? item.content.changes.name : (item.appId ?? '-'),
            item.by.name,
            formatAge(item.createdAt, nowMs),
            item.expiresAt,
            item.content.note,
          ]),
        );
    });
  });
}
