import type { Job } from '#shared/contracts/rest/index.ts';
import { type Fleet, jobFault } from '#shared/device/index.ts';
import type { Fault, Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { EXIT, faultToExitCode } from '../exit-code.ts';
import type { VerbInput } from '../options.ts';
import { formatDuration } from '../output/format.ts';
import { followJob } from './follow-jobs.ts';
import { readWait } from './read-wait.ts';

/** How a change ended, for people: the sentence and the addresses to open. */
export interface Finish {
  readonly name: string;
  readonly urls: readonly string[];
  /** What to say when all went well, for instance `feeds runs`. */
  readonly success: string;
}

/** Follows the job of a submitted change and tells its end; with --no-wait only tells that the core has it. */
export async function finishChange(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  about: Finish & { jobs: readonly string[] },
): Promise<Result<Done>> {
  fleet.letGo();
  const jobId = about.jobs[0] ?? '';
  const wait = readWait(input, Number.POSITIVE_INFINITY);
  if (!wait.ok) return wait;
  if (wait.value.minutes === 0) {
    const job = await fleet.client.call('showJob', { params: { id: jobId } });
    if (!job.ok) return job;
    return done({ ...job.value, urls: about.urls }, (out) =>
      out.line(`The core has it as job ${jobId}: \`overseer jobs show ${jobId}\`.`),
    );
  }
  const ended = await followJob(context, fleet, jobId, context.clock.nowMs() + wait.value.minutes * 60_000);
  return ended.ok ? tellEnd(ended.value, about) : ended;
}

function tellEnd(job: Job, about: Finish): Result<Done> {
  const error = jobFault(job);
  const away = job.awayMs === null ? '' : `, away ${formatDuration(job.awayMs)}`;
  return done(
    { ...job, urls: about.urls, ...(error ? { error } : {}) },
    (out) => {
      if (error) {
        out.fault(error);
        if (job.awayMs !== null) out.note(`${about.name} was away ${formatDuration(job.awayMs)}.`);
        return;
      }
      out.line(`${about.success} (release ${job.number}${away})`, 'good');
      for (const url of about.urls) out.line(url, 'strong');
    },
    error ? endExitCode(job, error) : EXIT.ok,
  );
}

/** A release that was tried and failed is a failure, whatever kind its fault has; one that was not taken is a refusal. */
function endExitCode(job: Job, error: Fault): number {
  return job.outcome === 'failed' || job.outcome === 'rolled-back' ? EXIT.failed : faultToExitCode(error);
}
