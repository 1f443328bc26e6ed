import { Anchor, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconCircleCheckFilled, IconExternalLink } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useValue } from '#renderer/bridge/index.ts';
import { FaultNotice, type ProgressStep, ProgressSteps, useNowMs } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { clockTime, duration } from '#renderer/words/values.ts';
import type { Job } from '#shared/contracts/rest/jobs.ts';
import classes from './JobProgress.module.css';
import { placeOfOrder } from './place-of-fault.ts';
import { jobSteps } from './step-progress.ts';
import { useWatchedJob } from './watched-jobs.ts';

const text = words.review;

/** A job as it goes: its steps with their times, then the address that opens, or what went wrong and what serves now. */
export function JobProgress({
  jobId,
  urls = [],
  withLink = true,
}: {
  jobId: string;
  urls?: readonly string[];
  /** To the job's own screen. */
  withLink?: boolean;
}) {
  useWatchedJob(jobId);
  const { value: job, fault } = useValue('job', { jobId });
  if (!job)
    return fault ? <FaultNotice fault={fault} /> : <Skeleton height={120} radius={8} aria-label={text.connecting} />;
  return (
    <Stack gap="md" className={classes.job}>
      {/* Above the steps: how it ended, and the address, are in sight without a search. */}
      <div role="status" className={classes.outcome}>
        <Outcome job={job} urls={urls} />
      </div>
      <Steps job={job} />
      {withLink && (
        <Anchor component={Link} href={`/jobs/${job.id}`} size="sm">
          {text.jobLink}
        </Anchor>
      )}
    </Stack>
  );
}

function Steps({ job }: { job: Job }) {
  const nowMs = useNowMs();
  const steps = jobSteps(job).map(({ id, name, state, text: told, startedAt, endedAt }): ProgressStep => {
    const ms = (endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt);
    return {
      id,
      title: text.step[name],
      state,
      text: told,
      aside: <span title={clockTime(startedAt)}>{ms >= 1_000 ? duration(ms) : null}</span>,
    };
  });
  if (steps.length === 0) steps.push({ id: 'queue', title: text.step.queue, state: 'running' });
  return <ProgressSteps steps={steps} label={text.progress(text.verb[job.verb], job.appName)} />;
}

function Outcome({ job, urls }: { job: Job; urls: readonly string[] }) {
  if (job.state === 'cancelled') return <Text size="sm">{text.cancelled}</Text>;
  if (job.endedAt === null || job.outcome === null) return null;
  if (job.outcome === 'superseded') return <Text size="sm">{text.superseded}</Text>;
  if (job.outcome === 'succeeded') {
    const opens = job.verb === 'deploy' || job.verb === 'rollback' || job.verb === 'start';
    return (
      <div className={classes.good}>
        <IconCircleCheckFilled size={24} aria-hidden className={classes.goodIcon} />
        <div className={classes.goodBody}>
          <Text fw={600}>{text.succeeded(job.appName, job.verb)}</Text>
          {opens && job.awayMs !== null && (
            <Text size="sm" c="dimmed">
              {text.awayFor(job.awayMs)}
            </Text>
          )}
          {opens && urls.length > 0 && (
            <Group gap="xs" mt="xs">
              {urls.map((url) => (
                <Button
                  key={url}
                  component="a"
                  href={url}
                  target="_blank"
                  rel="noreferrer"
                  color="green"
                  leftSection={<IconExternalLink size={16} aria-hidden />}
                >
                  {text.openApp(url)}
                </Button>
              ))}
            </Group>
          )}
        </div>
      </div>
    );
  }
  const place = job.fault ? placeOfOrder(job.fault, { ...job, nodeId: job.node }) : undefined;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {servesNow(job)}
      </Text>
      <FaultNotice fault={job.fault} link={place} />
    </Stack>
  );
}

function servesNow({ outcome, appName }: Job): string {
  if (outcome === 'rolled-back') return text.rolledBack(appName);
  return outcome === 'refused' ? text.refused : text.failedNothing(appName);
}
