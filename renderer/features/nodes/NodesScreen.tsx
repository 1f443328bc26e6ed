import { Alert, Anchor, Button, Text } from '@mantine/core';
import { IconPlus, IconServer } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRows, useValue } from '#renderer/bridge/index.ts';
import { NodeHoldingBadge, NodeStatusBadge } from '#renderer/review/index.ts';
import {
  type Column,
  EmptyState,
  FaultNotice,
  FilterInput,
  NarrowOnly,
  PageHeader,
  RelativeTime,
  Rows,
  RowsSkeleton,
  Stacked,
  Toolbar,
} from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { Measures } from './Measures.tsx';
import { measuresOf } from './node-measures.ts';
import classes from './nodes.module.css';
import { OpenInvitations } from './OpenInvitations.tsx';
import { compareVersions } from './version-skew.ts';

const text = words.nodes;

/** The list of servers. */
export function NodesScreen() {
  const { rows, ready, fault } = useRows('nodes', {});
  const { value: session } = useValue('session', {});
  const [filter, setFilter] = useState('');
  const shown = filterNodes(rows, filter);
  const add = (
    <Button component={Link} href="/nodes/join" leftSection={<IconPlus size={16} aria-hidden />}>
      {rows.length === 0 ? text.empty.action : text.add}
    </Button>
  );
  const isEmpty = ready && rows.length === 0;
  return (
    <>
      <PageHeader title={text.title} text={text.intro} actions={isEmpty ? undefined : add} />
      <FaultNotice fault={fault} />
      {session?.core.contact.state === 'away' && rows.length > 0 && (
        <Alert color="yellow" mb="md" p="xs">
          {text.coreAway}
        </Alert>
      )}
      <OpenInvitations />
      {!ready && <RowsSkeleton />}
      {isEmpty && <EmptyState icon={IconServer} title={text.empty.title} text={text.empty.text} action={add} />}
      {ready && rows.length > 0 && (
        <>
          {rows.length > 5 && (
            <Toolbar>
              <FilterInput value={filter} onChange={setFilter} label={text.filter} shown={text.runs(shown.length)} />
            </Toolbar>
          )}
          <Rows
            label={text.title}
            rows={shown}
            columns={columns}
            rowId={({ id }) => id}
            rowHref={({ id }) => `/nodes/${id}`}
            defaultSort={{ column: 'name', down: false }}
            rowHeight={80}
            empty={<Text c="dimmed">{text.noMatch}</Text>}
          />
        </>
      )}
    </>
  );
}

const columns: readonly Column<NodeRow>[] = [
  {
    id: 'name',
    header: text.columns.name,
    width: 'minmax(160px, 1.4fr)',
    sortBy: ({ name }) => name,
    cell: (node) => (
      <Stacked>
        <Anchor component={Link} href={`/nodes/${node.id}`} fw={600} size="sm" className={classes.name}>
          {node.name}
        </Anchor>
        <span className={classes.line}>
          <NodeStatusBadge status={node.status} />
          <NodeHoldingBadge node={node} />
          {node.status !== 'online' && (
            <Text size="xs" c="dimmed" span>
              <RelativeTime at={node.lastSeenAt} none={text.neverSeen} />
            </Text>
          )}
          <NarrowOnly>{text.runs(node.apps.filter(({ kind }) => kind === 'app').length)}</NarrowOnly>
        </span>
        {node.facts && <NarrowOnly>{text.short(...shares(node.facts))}</NarrowOnly>}
      </Stacked>
    ),
  },
  {
    id: 'load',
    header: text.columns.load,
    width: 'minmax(200px, 2fr)',
    wideOnly: true,
    sortBy: ({ facts }) => facts?.cpuLoad ?? null,
    cell: ({ facts }) => <Measures facts={facts} dense />,
  },
  {
    id: 'version',
    header: text.columns.version,
    width: 'minmax(80px, 0.6fr)',
    wideOnly: true,
    sortBy: ({ facts }) => facts?.version ?? null,
    cell: ({ facts }) => {
      const skew = compareVersions(facts?.version ?? null, VERSION);
      return (
        <Stacked>
          <span>{facts?.version ?? '–'}</span>
          {text.skewShort[skew] !== '' && (
            <Text size="xs" c={skew.startsWith('too') ? 'var(--ov-bad)' : 'dimmed'} title={text.skew[skew]}>
              {text.skewShort[skew]}
            </Text>
          )}
        </Stacked>
      );
    },
  },
  {
    id: 'engine',
    header: text.columns.engine,
    width: 'minmax(152px, 0.8fr)',
    wideOnly: true,
    cell: ({ facts }) =>
      facts === null ? (
        '–'
      ) : (
        <Stacked>
          <Engine text={facts.dockerVersion === null ? null : text.docker(facts.dockerVersion)} none={text.noDocker} />
          <Engine
            text={facts.composeVersion === null ? null : text.compose(facts.composeVersion)}
            none={text.noCompose}
          />
        </Stacked>
      ),
  },
  {
    id: 'apps',
    header: text.columns.apps,
    width: 'minmax(72px, 1fr)',
    wideOnly: true,
    sortBy: ({ apps }) => apps.length,
    cell: ({ apps }) => {
      const own = apps.filter(({ kind }) => kind === 'app');
      return (
        <Stacked title={own.map(({ name }) => name).join(', ')}>
          <span>{text.runs(own.length)}</span>
          <Text size="xs" c="dimmed" className={classes.cut}>
            {own.map(({ name }) => name).join(', ')}
          </Text>
        </Stacked>
      );
    },
  },
];

/** CPU, memory and disk in whole per cent. */
function shares(facts: NonNullable<NodeRow['facts']>): [number, number, number] {
  const [cpu = 0, memory = 0, disk = 0] = measuresOf(facts).map(({ share }) => Math.round(share * 100));
  return [cpu, memory, disk];
}

function Engine({ text, none }: { text: string | null; none: string }) {
  return text === null ? (
    <Text size="sm" c="var(--ov-bad)">
      {none}
    </Text>
  ) : (
    <span>{text}</span>
  );
}

function filterNodes(rows: readonly NodeRow[], text: string): readonly NodeRow[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter((node) => {
    const haystack = [node.name, node.status, node.facts?.os, node.facts?.version, ...node.apps.map(({ name }) => name)]
      .join('\n')
      .toLowerCase();
    return wanted.every((word) => haystack.includes(word));
  });
}
