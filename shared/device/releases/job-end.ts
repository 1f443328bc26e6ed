import type { Job } from '#shared/contracts/rest/index.ts';
import { type Fault, fault } from '#shared/kernel/index.ts';

const ENDED: ReadonlySet<Job['state']> = new Set(['failed', 'done', 'cancelled']);

/** Whether a job has ended. */
export function isEnded(job: Job): boolean {
  return ENDED.has(job.state);
}

/** The fault of a job that did not succeed, with what became of the app. */
export function jobFault(job: Job): Fault | undefined {
  if (job.state === 'done' && job.outcome === 'succeeded') return undefined;
  const reason = job.fault;
  if (job.outcome === 'rolled-back') {
    return fault(
      reason?.code ?? 'job.rolled-back',
      'permanent',
      `release ${job.number} of ${job.appName} failed${reason ? `: ${reason.message}` : ''}; the last good release serves again`,
      reason?.next ?? `See \`overseer jobs show ${job.id}\`, mend it and deploy again.`,
    );
  }
  if (reason) return { ...reason };
  if (job.state === 'cancelled') {
    return fault('job.cancelled', 'conflict', `job ${job.id} was cancelled`, 'Deploy again when you want it.');
  }
  if (job.outcome === 'superseded') {
    return fault(
      'job.superseded',
      'conflict',
      `release ${job.number} gave way to a newer one`,
      'See `overseer jobs list`.',
    );
  }
  return fault('job.failed', 'permanent', `job ${job.id} failed`, `See \`overseer jobs show ${job.id}\`.`);
}
