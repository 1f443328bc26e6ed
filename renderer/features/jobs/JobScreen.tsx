import { Anchor, Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { useRow, useValue } from '#renderer/bridge/index.ts';
import { JobProgress, JobStateBadge } from '#renderer/review/index.ts';
import {
  Facts,
  FaultNotice,
  LogBox,
  LogLine,
  PageHeader,
  PageSkeleton,
  RelativeTime,
  Section,
} from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { clockTime, duration } from '#renderer/words/values.ts';
import type { Job } from '#shared/contracts/rest/jobs.ts';
import { visibleText } from '#shared/kernel/index.ts';
import { jobActions } from './filter-jobs.ts';
import { JobActions } from './JobActions.tsx';
import { JobDuration } from './JobDuration.tsx';
import classes from './jobs.module.css';

const text = words.jobs;

/** One job: its steps as they go, everything that was reported, and what may be done now. */
export function JobScreen() {
  const { jobId = '' } = useParams<{ jobId: string }>();
  const { value: job, fault } = useValue('job', { jobId });
  const app = useRow('apps', {}, job?.appId ?? null);
  const back = { href: '/jobs', label: text.back };
  if (!job)
    return fault ? (
      <>
        <PageHeader title={text.missing.title} text={text.missing.text} back={back} />
        <FaultNotice fault={fault} link={{ href: '/jobs', label: text.back }} />
      </>
    ) : (
      <PageSkeleton />
    );
  const isJudgedFailure = job.state === 'failed' && !jobActions(job).retry;
  const page = app?.kind === 'app' ? `/apps/${job.appId}` : `/nodes/${job.node}`;
  return (
    <>
      <PageHeader
        title={words.review.jobTitle(job.verb, job.appName)}
        badge={<JobStateBadge job={job} />}
        text={
          <>
            {text.release(job.number)} · <RelativeTime at={job.createdAt} />
          </>
        }
        back={back}
        actions={
          <Button variant="default" component={Link} href={page}>
            {text.toApp}
          </Button>
        }
      />
      <JobActions job={job} />
      {isJudgedFailure && (
        <Text size="sm" c="dimmed" mb="md">
          {text.noRetry}
        </Text>
      )}
      <div className={classes.pair}>
        <Section title={text.steps}>
          <JobProgress jobId={jobId} urls={app?.urls ?? []} withLink={false} />
        </Section>
        <About job={job} appPage={page} />
      </div>
      <StepLog job={job} />
    </>
  );
}

function About({ job, appPage }: { job: Job; appPage: string }) {
  const node = useRow('nodes', {}, job.node);
  const facts: [string, ReactNode][] = [
    [
      text.facts.app,
      <Anchor key="app" component={Link} href={appPage} size="sm">
        {job.appName}
      </Anchor>,
    ],
    [
      text.facts.node,
      <Anchor key="node" component={Link} href={`/nodes/${job.node}`} size="sm">
        {node?.name ?? job.node}
      </Anchor>,
    ],
    [text.facts.release, job.number],
    [text.facts.created, <RelativeTime key="created" at={job.createdAt} />],
    [text.facts.started, <RelativeTime key="started" at={job.startedAt} />],
    [text.facts.ended, <RelativeTime key="ended" at={job.endedAt} />],
    [text.facts.took, <JobDuration key="took" job={job} />],
    [text.facts.away, job.awayMs === null ? '–' : job.awayMs === 0 ? text.facts.notAway : duration(job.awayMs)],
    [text.facts.id, <code key="id">{job.id}</code>],
  ];
  return (
    <Section title={text.facts.title}>
      <Facts facts={facts} />
    </Section>
  );
}

function StepLog({ job }: { job: Job }) {
  return (
    <Section title={text.log.title} text={text.log.text} bare>
      {job.steps.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.log.none}
        </Text>
      ) : (
        <LogBox label={text.log.label} height="grows">
          {job.steps.map(({ name, state, at, text: told }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
            <LogLine key={index} time={clockTime(at)} tone={state === 'failed' ? 'bad' : undefined}>
              {name} {state}
              {told !== '' && `: ${visibleText(told)}`}
            </LogLine>
          ))}
        </LogBox>
      )}
    </Section>
  );
}
