import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { AppStatusBadge, NodeStatusBadge } from '#renderer/review/index.ts';
import { type Column, RelativeTime, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { AppMarks } from './AppMarks.tsx';
import { AppMenu } from './AppMenu.tsx';
import classes from './AppsScreen.module.css';
import { urgencyOf } from './app-table.ts';
import { useSelection } from './selection.ts';

/** The columns of the list of apps. One constant: rows are drawn again only when their app changes. */
export const appColumns: readonly Column<AppRow>[] = [
  {
    id: 'select',
    header: words.apps.columns.select,
    quietHeader: true,
    width: '32px',
    wideOnly: true,
    cell: (row) => <SelectBox row={row} />,
  },
  {
    id: 'name',
    header: words.apps.columns.name,
    width: 'minmax(0, 2fr)',
    sortBy: (row) => row.name,
    cell: (row) => <NameCell row={row} />,
  },
  {
    id: 'status',
    header: words.apps.columns.status,
    width: 'minmax(104px, 1fr)',
    sortBy: (row) => urgencyOf(row.status),
    cell: (row) => <StatusCell row={row} />,
  },
  {
    id: 'node',
    header: words.apps.columns.node,
    width: 'minmax(96px, 1fr)',
    wideOnly: true,
    sortBy: (row) => row.node?.name ?? null,
    cell: (row) => <NodeCell row={row} />,
  },
  {
    id: 'source',
    header: words.apps.columns.source,
    width: 'minmax(96px, 1fr)',
    wideOnly: true,
    sortBy: (row) => (row.source.kind === 'catalog' ? row.source.id : ''),
    cell: (row) => (
      <Text size="sm" truncate>
        {row.source.kind === 'catalog' ? row.source.id : words.apps.ownCompose}
      </Text>
    ),
  },
  {
    id: 'release',
    header: words.apps.columns.release,
    width: '96px',
    wideOnly: true,
    sortBy: (row) => row.number,
    cell: (row) => (
      <Text size="sm" title={words.apps.releaseTitle(row.running, row.number)}>
        {words.apps.release(row.running, row.number)}
      </Text>
    ),
  },
  {
    id: 'seen',
    header: words.apps.columns.seen,
    width: '128px',
    wideOnly: true,
    sortBy: (row) => row.seenAt,
    cell: (row) => (
      <Text size="sm" c="dimmed">
        <RelativeTime at={row.seenAt} />
      </Text>
    ),
  },
  {
    id: 'actions',
    header: words.apps.columns.actions,
    quietHeader: true,
    width: '40px',
    align: 'end',
    cell: (row) => <AppMenu row={row} />,
  },
];

function SelectBox({ row }: { row: AppRow }) {
  const isSelected = useSelection((state) => state.ids.has(row.id));
  const toggle = useSelection((state) => state.toggle);
  return (
    <input
      type="checkbox"
      className={classes.select}
      data-select
      tabIndex={-1}
      aria-label={words.apps.selectOne(row.name)}
      checked={isSelected}
      onChange={() => toggle(row.id)}
    />
  );
}

function NameCell({ row }: { row: AppRow }) {
  const [url] = row.urls;
  return (
    <div className={classes.name}>
      <Group gap={6} wrap="nowrap">
        <Anchor component={Link} href={`/apps/${row.id}`} fw={600} size="sm" c="inherit" truncate>
          {row.name}
        </Anchor>
        <span className={classes.marks}>
          <AppMarks row={row} />
        </span>
      </Group>
      {url !== undefined && (
        <Anchor href={url} target="_blank" rel="noreferrer" size="xs" truncate>
          {url.replace(/^https?:\/\//, '')}
          {row.urls.length > 1 && ` +${row.urls.length - 1}`}
        </Anchor>
      )}
    </div>
  );
}

function StatusCell({ row }: { row: AppRow }) {
  if (row.job === null) return <AppStatusBadge status={row.status} />;
  const word = words.apps.jobAtWork(row.job.verb, row.job.state);
  return (
    <Link href={`/jobs/${row.job.id}`} className={classes.job}>
      <StatusBadge tone="busy" word={word} title={words.apps.jobTitle} />
    </Link>
  );
}

function NodeCell({ row }: { row: AppRow }) {
  if (row.node === null)
    return (
      <Text size="sm" c="dimmed">
        {words.apps.noNode}
      </Text>
    );
  if (row.node.status === 'online')
    return (
      <Text size="sm" truncate>
        {row.node.name}
      </Text>
    );
  return (
    <div className={classes.name}>
      <Text size="sm" truncate>
        {row.node.name}
      </Text>
      <NodeStatusBadge status={row.node.status} plain />
    </div>
  );
}
