import type { JobRow } from '#shared/contracts/ipc/index.ts';

/** Jobs that came to their end between two looks: those at work before, or new since. The first look tells of none. */
export function endedJobs(before: ReadonlyMap<string, JobRow> | null, now: ReadonlyMap<string, JobRow>): JobRow[] {
  if (before === null) return [];
  return [...now.values()].filter((job) => job.endedAt !== null && before.get(job.id)?.endedAt !== job.endedAt);
}
