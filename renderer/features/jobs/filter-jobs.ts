import type { JobRow } from '#shared/contracts/ipc/index.ts';

export type JobFilter = 'all' | 'running' | 'queued' | 'failed' | 'done';

export const jobFilters: readonly JobFilter[] = ['all', 'running', 'queued', 'failed', 'done'];

/** Which filter a job falls under. One that ended but was put back to the last good release has failed for its person. */
export function filterOf(job: Pick<JobRow, 'state' | 'outcome'>): Exclude<JobFilter, 'all'> {
  if (job.state === 'running' || job.state === 'queued' || job.state === 'failed') return job.state;
  return job.outcome === 'failed' || job.outcome === 'rolled-back' || job.outcome === 'refused' ? 'failed' : 'done';
}

/** Jobs under a filter whose app, node, verb or id holds the text, newest first. */
export function filterJobs(
  jobs: readonly JobRow[],
  filter: JobFilter,
  text: string,
  nodeName: (nodeId: string) => string,
): JobRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return jobs
    .filter((job) => filter === 'all' || filterOf(job) === filter)
    .filter((job) => {
      const haystack = `${job.appName}\n${nodeName(job.node)}\n${job.verb}\n${job.id}\n#${job.number}`.toLowerCase();
      return words.every((word) => haystack.includes(word));
    })
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id));
}

/** How many jobs each filter holds. */
export function countJobs(jobs: readonly JobRow[]): Record<JobFilter, number> {
  const counts = { all: jobs.length, running: 0, queued: 0, failed: 0, done: 0 };
  for (const job of jobs) counts[filterOf(job)] += 1;
  return counts;
}

/**
 * What a person may do with a job. Only what waits can be cancelled. Sent again is only what no node has judged: a node
 * never tries the same signed release twice.
 */
export function jobActions(job: Pick<JobRow, 'state' | 'outcome' | 'fault'>): {
  readonly retry: boolean;
  readonly cancel: boolean;
} {
  const unjudged = job.outcome === null || job.outcome === 'refused';
  return {
    retry: job.state === 'failed' && unjudged && job.fault?.kind === 'transient',
    cancel: job.state === 'queued',
  };
}
