import { Anchor, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import { isWatched, jobWord } from '#renderer/review/index.ts';
import { words } from '#renderer/words/index.ts';
import type { JobRow } from '#shared/contracts/ipc/index.ts';
import { isoTime, systemClock } from '#shared/kernel/index.ts';
import { endedJobs } from './ended-jobs.ts';

/** Tells when a job comes to its end: to screen readers always, in passing to all who do not look at it already. */
export function JobAnnouncer() {
  const { byId, ready } = useRows('jobs', {});
  const before = useRef<ReadonlyMap<string, JobRow> | null>(null);
  const [said, setSaid] = useState('');
  const [openedAt] = useState(() => isoTime(systemClock));
  useEffect(() => {
    if (!ready) return;
    const ended = endedJobs(before.current, byId, openedAt);
    before.current = byId;
    for (const job of ended) {
      const sentence = words.app.jobEnded(words.review.jobTitle(job.verb, job.appName), jobWord(job));
      setSaid(sentence);
      if (!isWatched(job.id)) show(job, sentence);
    }
  }, [byId, ready, openedAt]);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {said}
    </VisuallyHidden>
  );
}

function show(job: JobRow, title: string): void {
  const isGood = job.outcome === 'succeeded' || job.state === 'cancelled';
  notifications.show({
    id: job.id,
    title,
    message: (
      <Anchor component={Link} href={`/jobs/${job.id}`} size="sm" onClick={() => notifications.hide(job.id)}>
        {words.app.see}
      </Anchor>
    ),
    color: isGood ? 'green' : 'red',
    autoClose: isGood ? 5_000 : false,
  });
}
