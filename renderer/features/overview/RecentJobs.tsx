import { Anchor, Text } from '@mantine/core';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import { JobStateBadge } from '#renderer/review/index.ts';
import { RelativeTime, RowsSkeleton, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from './RecentJobs.module.css';

const text = words.overview.jobs;
const SHOWN = 7;

/** The newest work, with how it came out. */
export function RecentJobs() {
  const { rows, ready } = useRows('jobs', {});
  const newest = useMemo(() => [...rows].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)).slice(0, SHOWN), [rows]);
  return (
    <Section
      title={text.title}
      bare
      actions={
        newest.length > 0 && (
          <Anchor component={Link} href="/jobs" size="sm">
            {text.all}
          </Anchor>
        )
      }
    >
      {!ready ? (
        <RowsSkeleton rows={4} />
      ) : newest.length === 0 ? (
        <Text size="sm" c="dimmed" className={classes.empty}>
          {text.empty}
        </Text>
      ) : (
        <ul className={classes.list}>
          {newest.map((job) => (
            <li key={job.id} className={classes.job}>
              <Link href={`/jobs/${job.id}`} className={classes.name}>
                {words.review.jobTitle(job.verb, job.appName)}
              </Link>
              <JobStateBadge job={job} plain />
              <span className={classes.at}>
                <RelativeTime at={job.endedAt ?? job.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
