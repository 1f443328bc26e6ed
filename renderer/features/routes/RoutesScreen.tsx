import { Anchor, Button, Drawer, Text } from '@mantine/core';
import { IconWorld } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import {
  type Column,
  EmptyState,
  FaultNotice,
  FilterInput,
  NarrowOnly,
  PageHeader,
  Rows,
  RowsSkeleton,
  Stacked,
  StatusBadge,
  Toolbar,
} from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { RouteRow } from '#shared/contracts/ipc/index.ts';
import { levelTones } from './level-tones.ts';
import { RouteDetail } from './RouteDetail.tsx';
import { conditionOf, filterRoutes } from './route-condition.ts';

const text = words.routes;

/** All public names; one opens beside the list, and stands in the address. */
export function RoutesScreen() {
  const { rows, byId, ready, fault } = useRows('routes', {});
  const [filter, setFilter] = useState('');
  const [params, setParams] = useSearchParams();
  const openId = params.get('route');
  const open = openId === null ? undefined : byId.get(openId);
  const shown = useMemo(() => filterRoutes(rows, filter), [rows, filter]);
  return (
    <>
      <PageHeader title={text.title} text={text.intro} />
      <FaultNotice fault={fault} />
      {!ready && <RowsSkeleton />}
      {ready && rows.length === 0 && (
        <EmptyState
          icon={IconWorld}
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
            <FilterInput value={filter} onChange={setFilter} label={text.filter} shown={text.shown(shown.length)} />
          </Toolbar>
          <Rows
            label={text.title}
            rows={shown}
            columns={columns}
            rowId={({ id }) => id}
            onOpen={({ id }) => setParams({ route: id })}
            rowHeight={64}
            selectedId={openId ?? undefined}
            empty={
              <Text c="dimmed" size="sm">
                {text.noMatch}
              </Text>
            }
          />
        </>
      )}
      <Drawer
        opened={open !== undefined}
        onClose={() => setParams({})}
        position="right"
        size="lg"
        title={open ? text.detail.title(open.hostname) : undefined}
        closeButtonProps={{ 'aria-label': words.ui.close }}
      >
        {open && <RouteDetail route={open} />}
      </Drawer>
    </>
  );
}

const columns: readonly Column<RouteRow>[] = [
  {
    id: 'hostname',
    header: text.columns.hostname,
    width: 'minmax(150px, 2fr)',
    sortBy: ({ hostname }) => hostname,
    cell: (route) => (
      <Stacked>
        <Anchor component={Link} href={`/routes?route=${route.id}`} fw={600} size="sm">
          {route.hostname}
        </Anchor>
        <NarrowOnly>{route.appName}</NarrowOnly>
      </Stacked>
    ),
  },
  {
    id: 'target',
    header: text.columns.target,
    width: 'minmax(120px, 1.5fr)',
    wideOnly: true,
    sortBy: ({ appName }) => appName,
    cell: (route) => (
      <Stacked>
        <Anchor component={Link} href={`/apps/${route.appId}`} size="sm">
          {text.target(route.appName, route.service, route.port)}
        </Anchor>
        <Text size="xs" c="dimmed">
          {text.on(route.nodeName)}
        </Text>
      </Stacked>
    ),
  },
  {
    id: 'dns',
    header: text.columns.dns,
    wideOnly: true,
    cell: (route) => text.dns[conditionOf(route).dns],
  },
  {
    id: 'tls',
    header: text.columns.tls,
    wideOnly: true,
    cell: (route) => text.certificate[conditionOf(route).certificate],
  },
  {
    id: 'state',
    header: text.columns.state,
    width: '128px',
    cell: (route) => {
      const { level } = conditionOf(route);
      return <StatusBadge tone={levelTones[level]} word={text.level[level]} title={text.levelHelp[level]} />;
    },
  },
];
