import { Anchor, Button, SegmentedControl, Text } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import { JobStateBadge } from '#renderer/review/index.ts';
import {
  type Column,
  EmptyState,
  FaultNotice,
  FilterInput,
  PageHeader,
  RelativeTime,
  Rows,
  RowsSkeleton,
  Stacked,
  Toolbar,
} from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { JobRow } from '#shared/contracts/ipc/index.ts';
import { countJobs, filterJobs, type JobFilter, jobFilters } from './filter-jobs.ts';
import { JobActions } from './JobActions.tsx';
import { JobDuration } from './JobDuration.tsx';

const text = words.jobs;

/** All jobs; filter and text stand in the address, so that a reload and a link show the same. */
export function JobsScreen() {
  const { rows, ready, fault } = useRows('jobs', {});
  const nodes = useRows('nodes', {});
  const [params, setParams] = useSearchParams();
  const filter = jobFilters.find((one) => one === params.get('state')) ?? 'all';
  const search = params.get('q') ?? '';
  const set = (change: { state?: JobFilter; q?: string }) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [key, value] of Object.entries(change)) {
          if (value === '' || value === 'all') next.delete(key);
          else next.set(key, value);
        }
        return next;
      },
      { replace: true },
    );
  const nodeName = (id: string) => nodes.byId.get(id)?.name ?? id;
  const shown = filterJobs(rows, filter, search, nodeName);
  const counts = countJobs(rows);
  const columns = useMemo(() => columnsOf(nodes.byId), [nodes.byId]);
  return (
    <>
      <PageHeader title={text.title} text={text.intro} />
      <FaultNotice fault={fault} />
      {!ready && <RowsSkeleton />}
      {ready && rows.length === 0 && (
        <EmptyState
          icon={IconListCheck}
          title={text.empty.title}
          text={text.empty.text}
          action={
            <Button component={Link} href="/catalog">
              {text.empty.action}
            </Button>
          }
        />
      )}
      {ready && rows.length > 0 && (
        <>
          <Toolbar>
            <SegmentedControl
              aria-label={text.filterLabel}
              value={filter}
              onChange={(state) => set({ state: state as JobFilter })}
              data={jobFilters.map((one) => ({ value: one, label: `${text.filters[one]} ${counts[one]}` }))}
            />
            <FilterInput
              value={search}
              onChange={(q) => set({ q })}
              label={text.filter}
              shown={text.shown(shown.length)}
            />
          </Toolbar>
          <Rows
            label={text.title}
            rows={shown}
            columns={columns}
            rowId={({ id }) => id}
            rowHref={({ id }) => `/jobs/${id}`}
            rowHeight={64}
            empty={
              <Text c="dimmed" size="sm">
                {search === '' && filter !== 'all' ? text.nothingIn[filter] : text.noMatch}
              </Text>
            }
          />
        </>
      )}
    </>
  );
}

function columnsOf(nodes: ReadonlyMap<string, { readonly name: string }>): readonly Column<JobRow>[] {
  return [
    {
      id: 'app',
      header: text.columns.app,
      width: 'minmax(140px, 2fr)',
      cell: (job) => (
        <Stacked>
          <Anchor component={Link} href={`/jobs/${job.id}`} fw={600} size="sm">
            {words.review.jobTitle(job.verb, job.appName)}
          </Anchor>
          <Text size="xs" c="dimmed">
            {text.release(job.number)} · <RelativeTime at={job.createdAt} />
          </Text>
        </Stacked>
      ),
    },
    { id: 'state', header: text.columns.state, width: '120px', cell: (job) => <JobStateBadge job={job} /> },
    {
      id: 'node',
      header: text.columns.node,
      wideOnly: true,
      cell: (job) => nodes.get(job.node)?.name ?? '–',
    },
    { id: 'took', header: text.columns.took, width: '120px', wideOnly: true, cell: (job) => <JobDuration job={job} /> },
    {
      id: 'actions',
      header: text.columns.actions,
      width: '128px',
      wideOnly: true,
      quietHeader: true,
      align: 'end',
      cell: (job) => <JobActions job={job} dense />,
    },
  ];
}
