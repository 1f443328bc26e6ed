import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { formatAge } from '../output/format.ts';

/** Lists unsigned wishes and what became of them. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withFleet(context, async ({ client }) => {
    const listed = await client.call('listProposals');
    if (!listed.ok) return listed;
    const { proposals } = listed.value;
    return done(proposals, (out) => {
      if (proposals.length === 0) out.line('No proposals.');
      else {
        out.table(
          ['id', 'state', 'verb', 'app', 'by', 'made', 'note'],
          proposals.map((item) => [
            item.id,
            item.state,
            item.verb,
            item.appId ?? '-',
            item.by.name,
            formatAge(item.createdAt, context.clock.nowMs()),
            item.content.note,
          ]),
        );
      }
    });
  });
}
