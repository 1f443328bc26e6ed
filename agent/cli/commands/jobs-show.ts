import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { printJob } from '../output/job-text.ts';
import { withCore } from '../token/token-client.ts';

/** Shows one job with every step and its time. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withCore(context, async (client) => {
    const job = await client.call('showJob', { params: { id: input.arg(0) } });
    return job.ok ? done(job.value, (out) => printJob(out, job.value)) : job;
  });
}
