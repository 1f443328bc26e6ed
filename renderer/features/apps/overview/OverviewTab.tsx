import { Anchor, Code, Group, Stack, Text } from '@mantine/core';
import { IconBox } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useRowsSelect } from '#renderer/bridge/index.ts';
import { ExceptionList } from '#renderer/review/exceptions/index.ts';
import { JobProgress, JobStateBadge } from '#renderer/review/index.ts';
import { type Column, EmptyState, RelativeTime, Rows, Section, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { bytes } from '#renderer/words/values.ts';
import type { AppDetail, JobRow } from '#shared/contracts/ipc/index.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { recordTones, routerTones } from '../routes/route-tones.ts';
import classes from './OverviewTab.module.css';
import { serviceTone } from './service-state.ts';

type Service = AppDetail['services'][number];
type Volume = AppDetail['volumes'][number];

/** What runs of an app now, by what its node told last. */
export function OverviewTab({ app: { appId, detail } }: { app: OpenApp }) {
  const { services, volumes, row } = detail;
  return (
    <>
      <LastJob appId={appId} atWork={row.job?.id ?? null} />
      <Section title={words.apps.overview.services} bare>
        {services.length === 0 ? (
          <EmptyState
            icon={IconBox}
            title={words.apps.overview.nothingRuns}
            text={row.number === 0 ? words.apps.overview.neverDeployed : words.apps.overview.nothingReported}
          />
        ) : (
          <Rows
            label={words.apps.overview.services}
            rows={services}
            columns={serviceColumns}
            rowId={(one) => one.service}
            rowHeight={56}
          />
        )}
      </Section>
      <Addresses detail={detail} />
      {detail.exceptions.length > 0 && (
        <Section title={words.compose.exceptions.title} text={words.compose.exceptions.inForce}>
          <ExceptionList exceptions={detail.exceptions} />
        </Section>
      )}
      {volumes.length > 0 && (
        <Section title={words.apps.overview.volumes} text={words.apps.overview.volumesText} bare>
          <Rows
            label={words.apps.overview.volumes}
            rows={volumes}
            columns={volumeColumns}
            rowId={(one) => one.name}
            rowHeight={40}
          />
        </Section>
      )}
    </>
  );
}

const serviceColumns: readonly Column<Service>[] = [
  {
    id: 'service',
    header: words.apps.overview.service,
    width: 'minmax(140px, 1.5fr)',
    sortBy: (one) => one.service,
    cell: (one) => (
      <div className={classes.cell}>
        <Text size="sm" fw={600} truncate>
          {one.service}
        </Text>
        <Text size="xs" c="dimmed" truncate title={one.digest ?? undefined}>
          {one.image}
          {one.digest !== null && (
            <span className={classes.digest}> @ {one.digest.replace(/^sha256:/, '').slice(0, 12)}</span>
          )}
        </Text>
      </div>
    ),
  },
  {
    id: 'state',
    header: words.apps.overview.state,
    width: 'minmax(110px, 1fr)',
    cell: (one) => <ServiceState service={one} />,
  },
  {
    id: 'restarts',
    header: words.apps.overview.restarts,
    width: '80px',
    wideOnly: true,
    align: 'end',
    sortBy: (one) => one.restarts,
    cell: (one) => one.restarts,
  },
  {
    id: 'since',
    header: words.apps.overview.since,
    width: '140px',
    wideOnly: true,
    sortBy: (one) => one.startedAt,
    cell: (one) => <RelativeTime at={one.startedAt} />,
  },
];

function ServiceState({ service }: { service: Service }) {
  const { state, health, exitCode } = service;
  const said =
    health === 'none' || state !== 'running' ? words.apps.overview.states[state] : words.apps.overview.healths[health];
  const code = state === 'exited' && exitCode !== null ? ` (${exitCode})` : '';
  return (
    <StatusBadge tone={serviceTone(service)} word={said + code} title={words.apps.overview.stateTitle(state, health)} />
  );
}

const volumeColumns: readonly Column<Volume>[] = [
  {
    id: 'name',
    header: words.apps.overview.volume,
    width: 'minmax(160px, 3fr)',
    sortBy: (one) => one.name,
    cell: (one) => <Code>{one.name}</Code>,
  },
  {
    id: 'size',
    header: words.apps.overview.size,
    width: '110px',
    align: 'end',
    sortBy: (one) => one.sizeBytes,
    cell: (one) => (one.sizeBytes === null ? words.apps.overview.sizeUnknown : bytes(one.sizeBytes)),
  },
];

function Addresses({ detail: { routes, records, row } }: { detail: AppDetail }) {
  if (routes.length === 0) return null;
  return (
    <Section
      title={words.apps.overview.addresses}
      actions={
        <Anchor component={Link} href={`/apps/${row.id}/routes`} size="sm">
          {words.apps.overview.changeRoutes}
        </Anchor>
      }
    >
      <Stack gap="md">
        {routes.map((route) => (
          <div key={route.routeId}>
            <Group gap="xs">
              <Text size="sm" fw={600} className={classes.host}>
                {route.hostname}
              </Text>
              <StatusBadge tone={routerTones[route.status]} word={words.apps.routes.router[route.status]} plain />
            </Group>
            {route.message !== null && <Text size="sm">{route.message}</Text>}
            {records
              .filter((record) => record.routeId === route.routeId)
              .map((record) => (
                <Group key={`${record.type} ${record.content}`} gap="xs">
                  <Text size="sm" c="dimmed" className={classes.host}>
                    {words.apps.routes.record(record.name, record.type, record.content)}
                  </Text>
                  <StatusBadge
                    tone={recordTones[record.status]}
                    word={words.apps.routes.recordState[record.status]}
                    plain
                  />
                </Group>
              ))}
          </div>
        ))}
      </Stack>
    </Section>
  );
}

function LastJob({ appId, atWork }: { appId: string; atWork: string | null }) {
  const last = useRowsSelect('jobs', {}, (jobs) => newestOf(jobs, appId));
  if (atWork !== null)
    return (
      <Section title={words.apps.overview.atWork}>
        <JobProgress jobId={atWork} />
      </Section>
    );
  if (last === null) return null;
  return (
    <Section
      title={words.apps.overview.lastJob}
      actions={
        <Anchor component={Link} href={`/jobs/${last.id}`} size="sm">
          {words.apps.overview.jobLog}
        </Anchor>
      }
    >
      <Group gap="sm">
        <JobStateBadge job={last} />
        <Text size="sm">{words.apps.overview.jobText(words.review.verb[last.verb], last.number)}</Text>
        <Text size="sm" c="dimmed">
          <RelativeTime at={last.endedAt ?? last.createdAt} />
        </Text>
      </Group>
      {last.fault !== null && (
        <Text size="sm" mt="xs">
          {last.fault.message}. {last.fault.next}
        </Text>
      )}
    </Section>
  );
}

function newestOf(jobs: readonly JobRow[], appId: string): JobRow | null {
  let newest: JobRow | null = null;
  for (const job of jobs)
    if (job.appId === appId && (newest === null || job.createdAt > newest.createdAt)) newest = job;
  return newest;
}
