import type { Job } from '#shared/contracts/rest/index.ts';
import { stepLine } from '../releases/follow-jobs.ts';
import { formatDuration } from './format.ts';
import type { Output } from './output.ts';

/** Prints one job with its ended steps. */
export function printJob(out: Output, job: Job): void {
  const away = job.awayMs === null ? '' : `, away ${formatDuration(job.awayMs)}`;
  out.line(`${job.verb} ${job.appName}, release ${job.number}: ${job.outcome ?? job.state}${away}`, 'strong');
  const startedMs = new Map<string, number>();
  for (const step of job.steps) {
    if (step.state === 'started') startedMs.set(step.name, Date.parse(step.at));
    if (step.state === 'started' || step.state === 'progress') continue;
    out.line(`  ${stepLine(step, startedMs.get(step.name))}`, step.state === 'failed' ? 'bad' : 'plain');
  }
  if (job.fault) {
    out.line(`  ${job.fault.message} (${job.fault.code})`, 'bad');
    out.line(`  fix: ${job.fault.next}`);
  }
}
