import { useEffect } from 'react';

/** Jobs whose progress is on the screen: nothing else has to tell of their end. */
const watched = new Map<string, number>();

/** Whether some part of the screen shows how this job goes. */
export function isWatched(jobId: string): boolean {
  return (watched.get(jobId) ?? 0) > 0;
}

/** Counts this component among those that show the job. */
export function useWatchedJob(jobId: string): void {
  useEffect(() => {
    watched.set(jobId, (watched.get(jobId) ?? 0) + 1);
    return () => void watched.set(jobId, (watched.get(jobId) ?? 1) - 1);
  }, [jobId]);
}
