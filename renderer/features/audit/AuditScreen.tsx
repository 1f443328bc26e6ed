import { Button, Drawer, Group, Text } from '@mantine/core';
import { IconHistory, IconRefresh } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useRows } from '#renderer/bridge/index.ts';
import {
  type Column,
  EmptyState,
  FaultNotice,
  NarrowOnly,
  PageHeader,
  RelativeTime,
  Rows,
  RowsSkeleton,
  Stacked,
  StatusBadge,
} from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { Alarms } from './Alarms.tsx';
import { AuditFilters } from './AuditFilters.tsx';
import { AuditVerdict } from './AuditVerdict.tsx';
import classes from './audit.module.css';
import { EntryDetail } from './EntryDetail.tsx';
import { ExportButton } from './ExportButton.tsx';
import { type AuditEntry, everything, filterEntries, isUnfiltered } from './filter-entries.ts';
import { describeSubject, type SubjectNames } from './subject.ts';
import { useAuditPages } from './use-audit-pages.ts';

const text = words.audit;

/** The audit log, newest first; older entries come as one scrolls, or all at once to search them. */
export function AuditScreen() {
  const pages = useAuditPages();
  const apps = useRows('apps', {});
  const nodes = useRows('nodes', {});
  const [filter, setFilter] = useState(everything);
  const [openSeq, setOpenSeq] = useState<number | null>(null);
  const entries = pages.entries ?? [];
  const shown = useMemo(() => filterEntries(pages.entries ?? [], filter), [pages.entries, filter]);
  const names: SubjectNames = useMemo(
    () => ({ app: (id) => apps.byId.get(id)?.name, node: (id) => nodes.byId.get(id)?.name }),
    [apps.byId, nodes.byId],
  );
  const columns = useMemo(() => columnsOf(names), [names]);
  const open = entries.find(({ seq }) => seq === openSeq);
  return (
    <>
      <PageHeader
        title={text.title}
        text={text.intro}
        actions={
          <>
            <Button
              variant="subtle"
              color="gray"
              onClick={pages.fresh}
              leftSection={<IconRefresh size={16} aria-hidden />}
            >
              {text.fresh}
            </Button>
            <ExportButton />
          </>
        }
      />
      <Alarms />
      <AuditVerdict />
      <FaultNotice
        fault={pages.fault}
        actions={
          <Button size="xs" variant="default" onClick={entries.length === 0 ? pages.fresh : pages.older}>
            {text.again}
          </Button>
        }
      />
      {pages.entries === null && pages.fault === null && <RowsSkeleton rows={10} />}
      {pages.entries !== null && entries.length === 0 && (
        <EmptyState icon={IconHistory} title={text.empty.title} text={text.empty.text} />
      )}
      {entries.length > 0 && (
        <>
          <AuditFilters
            entries={entries}
            apps={apps.rows}
            filter={filter}
            onChange={(change) => setFilter((before) => ({ ...before, ...change }))}
            shown={shown.length}
          />
          <Group gap="sm" mb="xs">
            <Text size="sm" c="dimmed">
              {text.loaded(shown.length, entries.length)}
            </Text>
            {!isUnfiltered(filter) && !pages.atStart && (
              <Button variant="subtle" size="compact-sm" loading={pages.busy} onClick={pages.all}>
                {text.loadAll}
              </Button>
            )}
          </Group>
          <Rows
            label={text.title}
            rows={shown}
            columns={columns}
            rowId={({ seq }) => String(seq)}
            onOpen={({ seq }) => setOpenSeq(seq)}
            rowHeight={56}
            selectedId={openSeq === null ? undefined : String(openSeq)}
            empty={
              <Text c="dimmed" size="sm">
                {text.noMatch}
              </Text>
            }
          />
          <Older
            atStart={pages.atStart}
            busy={pages.busy}
            isStopped={pages.fault !== null || !isUnfiltered(filter)}
            onOlder={pages.older}
          />
        </>
      )}
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpenSeq(null)}
        position="right"
        size="lg"
        title={open ? text.entry.title(open.seq) : undefined}
        closeButtonProps={{ 'aria-label': words.ui.close }}
      >
        {open && <EntryDetail entry={open} names={names} />}
      </Drawer>
    </>
  );
}

/** The end of the list: asks for more when it comes into sight, and by its button. */
function Older({
  atStart,
  busy,
  isStopped,
  onOlder,
}: {
  atStart: boolean;
  busy: boolean;
  isStopped: boolean;
  onOlder: () => void;
}) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(onOlder);
  useEffect(() => {
    latest.current = onOlder;
  });
  useEffect(() => {
    if (atStart || busy || isStopped || !end.current) return;
    const observer = new IntersectionObserver(([seen]) => seen?.isIntersecting && latest.current(), {
      rootMargin: '400px',
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [atStart, busy, isStopped]);
  return (
    <div ref={end} className={classes.end}>
      {atStart ? (
        <Text size="sm" c="dimmed">
          {text.atStart}
        </Text>
      ) : (
        <Button variant="default" loading={busy} onClick={onOlder}>
          {text.older}
        </Button>
      )}
    </div>
  );
}

function columnsOf(names: SubjectNames): readonly Column<AuditEntry>[] {
  return [
    {
      id: 'seq',
      header: text.columns.seq,
      width: '64px',
      wideOnly: true,
      cell: ({ seq }) => <span className={classes.number}>{seq}</span>,
    },
    {
      id: 'action',
      header: text.columns.action,
      width: 'minmax(140px, 1.2fr)',
      cell: (entry) => (
        <Stacked>
          <code>{entry.action}</code>
          <NarrowOnly>
            {entry.by} · <RelativeTime at={entry.at} />
          </NarrowOnly>
        </Stacked>
      ),
    },
    {
      id: 'subject',
      header: text.columns.subject,
      width: 'minmax(0, 2fr)',
      wideOnly: true,
      cell: ({ subject }) => describeSubject(subject, names),
    },
    {
      id: 'by',
      header: text.columns.by,
      width: 'minmax(100px, 1fr)',
      wideOnly: true,
      cell: ({ by }) => by,
    },
    {
      id: 'at',
      header: text.columns.at,
      width: '150px',
      wideOnly: true,
      cell: ({ at }) => <RelativeTime at={at} />,
    },
    {
      id: 'outcome',
      header: text.columns.outcome,
      width: '112px',
      cell: ({ outcome, fault }) => (
        <StatusBadge
          tone={outcome === 'accepted' ? 'good' : 'bad'}
          word={text.outcomes[outcome]}
          title={fault ?? undefined}
          plain
        />
      ),
    },
  ];
}
