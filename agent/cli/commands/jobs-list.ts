import { jobStateSchema } from '#shared/contracts/rest/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { badOption, numberOption, type VerbInput } from '../options.ts';
import { formatAge, formatDuration } from '../output/format.ts';
import { withCore } from '../token/token-client.ts';

/** Lists jobs, newest first. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withCore(context, async (client) => {
    const limit = numberOption(input, 'limit', '--limit', 1, 1_000);
    if (!limit.ok) return limit;
    const text = input.text('state');
    const state = jobStateSchema.optional().safeParse(text);
    if (!state.success) {
      const next = `Choose one of: ${jobStateSchema.options.join(', ')}.`;
      return err(badOption('cli.bad-option', '--state', `"${text}"`, next));
    }
    const query = {
      ...(state.data === undefined ? {} : { state: state.data }),
      ...(limit.value === undefined ? {} : { limit: limit.value }),
    };
    const listed = await client.call('listJobs', { query });
    if (!listed.ok) return listed;
    const app = input.text('app');
    const jobs = listed.value.jobs.filter((job) => app === undefined || job.appName === app || job.appId === app);
    return done(jobs, (out) => {
      if (jobs.length === 0) out.line('No jobs.');
      else {
        out.table(
          ['job', 'app', 'verb', 'release', 'state', 'outcome', 'away', 'made'],
          jobs.map((job) => [
            job.id,
            job.appName,
            job.verb,
            String(job.number),
            job.state,
            job.outcome ?? '-',
            job.awayMs === null ? '-' : formatDuration(job.awayMs),
            formatAge(job.createdAt, context.clock.nowMs()),
          ]),
        );
      }
    });
  });
}
