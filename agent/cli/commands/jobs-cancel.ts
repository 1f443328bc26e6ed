import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { printJob } from '../output/job-text.ts';

/** Cancels a job that is still queued. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async ({ client }) => {
    const job = await client.call('cancelJob', { params: { id: input.arg(0) }, body: {} });
    return job.ok ? done(job.value, (out) => printJob(out, job.value)) : job;
  });
}
