import { Anchor, Button, SegmentedControl, Select } from '@mantine/core';
import { IconApps, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { type KeyboardEvent, memo, useDeferredValue, useMemo } from 'react';
import { Link } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import { EmptyState, FaultNotice, FilterInput, PageHeader, Rows, RowsSkeleton, Toolbar } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { OrderDrawer } from '../orders/OrderDrawer.tsx';
import classes from './AppsScreen.module.css';
import { appColumns } from './app-columns.tsx';
import { useAppFilter } from './app-filter.ts';
import { countApps, filterApps } from './app-table.ts';
import { SelectionBar } from './SelectionBar.tsx';

type Counts = ReturnType<typeof countApps>;

const rowId = (row: AppRow) => row.id;
const rowHref = (row: AppRow) => `/apps/${row.id}`;

/** All apps: how they are, where they run, what to do with them. */
export function AppsScreen() {
  const { rows, ready, fault } = useRows('apps', {});
  const filter = useAppFilter();
  const { text, nodeId, status } = filter;
  const sought = useDeferredValue(text);
  const shown = useMemo(() => filterApps(rows, { text: sought, nodeId, status }), [rows, sought, nodeId, status]);
  const counts = useMemo(() => countApps(rows), [rows]);
  const nodes = useMemo(() => nodesOf(rows), [rows]);
  const isEmpty = ready && counts.all === 0 && status === null && text === '';

  /** Space and x mark the row that has the focus; the rows themselves take arrows and Enter. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if ((event.key !== ' ' && event.key !== 'x') || !target.hasAttribute('data-index')) return;
    event.preventDefault();
    target.querySelector<HTMLInputElement>('[data-select]')?.click();
  };

  return (
    <>
      <Head counts={counts} ready={ready} />
      <FaultNotice fault={fault} />
      {isEmpty ? (
        <NoApps />
      ) : (
        <>
          <Toolbar>
            <FilterInput
              value={text}
              onChange={(next) => filter.set({ text: next })}
              label={words.apps.filter}
              shown={words.apps.shown(shown.length)}
            />
            <NodeFilter nodes={nodes} />
            <StatusFilter counts={counts} />
          </Toolbar>
          <SelectionBar shown={shown} />
          {ready ? (
            // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside take the focus, this adds one key to them
            <div onKeyDown={onKeyDown}>
              <Rows
                label={words.apps.title}
                rows={shown}
                columns={appColumns}
                rowId={rowId}
                rowHref={rowHref}
                defaultSort={{ column: 'name', down: false }}
                rowHeight={56}
                empty={
                  <EmptyState
                    icon={IconSearchOff}
                    title={words.apps.nothingFound}
                    text={words.apps.nothingFoundText}
                    action={
                      <Button variant="default" onClick={() => filter.set({ text: '', nodeId: null, status: null })}>
                        {words.apps.showAll}
                      </Button>
                    }
                  />
                }
              />
            </div>
          ) : (
            <RowsSkeleton rows={8} />
          )}
        </>
      )}
      <OrderDrawer />
    </>
  );
}

// What stands around the list is not drawn again for each letter that is typed into the filter.
const Head = memo(function Head({ counts, ready }: { counts: Counts; ready: boolean }) {
  return (
    <PageHeader
      title={words.apps.title}
      text={ready ? words.apps.summary(counts.all, counts.attention) : undefined}
      actions={
        <Button component={Link} href="/catalog" leftSection={<IconPlus size={16} aria-hidden />}>
          {words.apps.add}
        </Button>
      }
    />
  );
});

const NodeFilter = memo(function NodeFilter({ nodes }: { nodes: ReturnType<typeof nodesOf> }) {
  const nodeId = useAppFilter((state) => state.nodeId);
  const set = useAppFilter((state) => state.set);
  if (nodes.length < 2) return null;
  return (
    <Select
      aria-label={words.apps.filterNode}
      placeholder={words.apps.allNodes}
      data={nodes}
      value={nodeId}
      onChange={(next) => set({ nodeId: next })}
      clearable
      clearButtonProps={{ 'aria-label': words.apps.allNodes }}
      w={160}
    />
  );
});

const StatusFilter = memo(function StatusFilter({ counts }: { counts: Counts }) {
  const status = useAppFilter((state) => state.status);
  const set = useAppFilter((state) => state.set);
  return (
    <div className={classes.filters}>
      <SegmentedControl
        aria-label={words.apps.filterStatus}
        data={[
          { value: '', label: words.apps.filters.all(counts.all) },
          { value: 'attention', label: words.apps.filters.attention(counts.attention) },
          { value: 'pending', label: words.apps.filters.pending(counts.pending) },
          { value: 'stopped', label: words.apps.filters.stopped },
          { value: 'removed', label: words.apps.filters.removed },
        ]}
        value={status ?? ''}
        onChange={(next) => set({ status: next === '' ? null : (next as NonNullable<typeof status>) })}
      />
    </div>
  );
});

function NoApps() {
  return (
    <EmptyState
      icon={IconApps}
      title={words.apps.emptyTitle}
      text={words.apps.emptyText}
      action={
        <>
          <Button component={Link} href="/catalog">
            {words.apps.fromCatalog}
          </Button>
          <Anchor component={Link} href="/new" size="sm">
            {words.apps.fromCompose}
          </Anchor>
        </>
      }
    />
  );
}

function nodesOf(rows: readonly AppRow[]): { value: string; label: string }[] {
  const names = new Map(rows.flatMap(({ node }) => (node ? [[node.nodeId, node.name] as const] : [])));
  return [...names].map(([value, label]) => ({ value, label })).sort((a, b) => (a.label < b.label ? -1 : 1));
}
