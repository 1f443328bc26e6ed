import { useNowMs } from '#renderer/ui/index.ts';
import { duration } from '#renderer/words/values.ts';
import type { JobRow } from '#shared/contracts/ipc/index.ts';

/** How long a job took, or takes so far. */
export function JobDuration({ job }: { job: Pick<JobRow, 'startedAt' | 'endedAt'> }) {
  const nowMs = useNowMs();
  if (job.startedAt === null) return <span>–</span>;
  const endMs = job.endedAt === null ? nowMs : Date.parse(job.endedAt);
  return <span>{duration(Math.max(0, endMs - Date.parse(job.startedAt)))}</span>;
}
