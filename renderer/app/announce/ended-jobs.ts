import type { JobRow } from '#shared/contracts/ipc/index.ts';

/**
 * Jobs that came to their end between two looks: those at work before, or new since. The first look tells of none, and
 * what ended before the page was opened is no news: the device's own list may be old until the core has answered.
 */
export function endedJobs(
  before: ReadonlyMap<string, JobRow> | null,
  now: ReadonlyMap<string, JobRow>,
  openedAt: string,
): JobRow[] {
  if (before === null) return [];
  return [...now.values()].filter(
    (job) => job.endedAt !== null && job.endedAt > openedAt && before.get(job.id)?.endedAt !== job.endedAt,
  );
}
