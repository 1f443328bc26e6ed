import { ActionIcon, Group, SegmentedControl, Select, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconFileDiff, IconGitCommit, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { type Column, EmptyState, RelativeTime, Rows, Section, StatusBadge, type Tone } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { ReleaseRow } from '#shared/contracts/ipc/index.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { actionsOf } from '../list/app-actions.ts';
import { useOrder } from '../orders/order.ts';
import { ReleaseDiff } from './ReleaseDiff.tsx';

const tones: Readonly<Record<NonNullable<ReleaseRow['outcome']>, Tone>> = {
  succeeded: 'good',
  failed: 'bad',
  'rolled-back': 'warn',
  refused: 'bad',
  superseded: 'quiet',
  waiting: 'busy',
};

/** What was signed for an app so far: how it went, who signed, what changed, and the way back. */
export function ReleasesTab({ app }: { app: OpenApp }) {
  const { appId, detail } = app;
  const { row } = detail;
  const ask = useOrder((state) => state.ask);
  const releases = [...detail.releases].sort((a, b) => b.number - a.number);
  const [pair, setPair] = useState<{ from: number; to: number } | null>(null);
  const [what, setWhat] = useState<'compose' | 'text'>('compose');
  if (releases.length === 0)
    return (
      <EmptyState icon={IconHistory} title={words.apps.releases.emptyTitle} text={words.apps.releases.emptyText} />
    );

  const mayRollBack = actionsOf(row).includes('rollback');
  const newest = releases[0]?.number ?? 0;
  const shown = pair ?? defaultPair(releases, row.edited);
  const options = [
    { value: '0', label: words.apps.releases.edited },
    ...releases.map(({ number }) => ({ value: String(number), label: words.apps.releases.number(number) })),
  ];
  const columns = columnsFor({
    mayRollBack,
    newest,
    onCompare: (number) => setPair({ from: Math.max(1, number - 1), to: number }),
    onRollBack: (number) => ask({ action: 'rollback', appIds: [appId], number }),
  });
  return (
    <>
      <Section title={words.apps.tabs.releases} text={words.apps.releases.text} bare>
        <Rows
          label={words.apps.tabs.releases}
          rows={releases}
          columns={columns}
          rowId={(release) => String(release.number)}
          rowHeight={56}
        />
      </Section>
      <Section
        title={words.apps.releases.compareTitle}
        actions={
          <SegmentedControl
            aria-label={words.apps.releases.compareWhat}
            data={[
              { value: 'compose', label: words.apps.tabs.compose },
              { value: 'text', label: words.apps.releases.everything },
            ]}
            value={what}
            onChange={(next) => setWhat(next === 'text' ? 'text' : 'compose')}
          />
        }
      >
        <Group gap="md" mb="md">
          <Select
            label={words.apps.releases.from}
            data={options}
            value={String(shown.from)}
            onChange={(value) => value !== null && setPair({ ...shown, from: Number(value) })}
            allowDeselect={false}
          />
          <Select
            label={words.apps.releases.to}
            data={options}
            value={String(shown.to)}
            onChange={(value) => value !== null && setPair({ ...shown, to: Number(value) })}
            allowDeselect={false}
          />
        </Group>
        <ReleaseDiff appId={appId} from={shown.from} to={shown.to} what={what} />
      </Section>
    </>
  );
}

/** What a person most likely wants to see: their edits, else what the last release changed. */
function defaultPair(releases: readonly ReleaseRow[], isEdited: boolean): { from: number; to: number } {
  const newest = releases[0]?.number ?? 0;
  if (isEdited) return { from: newest, to: 0 };
  return { from: releases[1]?.number ?? newest, to: newest };
}

interface ColumnsAbout {
  readonly mayRollBack: boolean;
  readonly newest: number;
  readonly onCompare: (number: number) => void;
  readonly onRollBack: (number: number) => void;
}

function columnsFor({ mayRollBack, newest, onCompare, onRollBack }: ColumnsAbout): readonly Column<ReleaseRow>[] {
  return [
    {
      id: 'number',
      header: words.apps.releases.release,
      width: 'minmax(120px, 1fr)',
      cell: (release) => (
        <div>
          <Text size="sm" fw={600}>
            {words.apps.releases.number(release.number)}
          </Text>
          <Group gap={6} wrap="nowrap">
            <Text size="xs" c="dimmed" truncate>
              {release.verb === null ? '' : words.review.verb[release.verb]}
            </Text>
            {release.isRunning && (
              <StatusBadge tone="good" icon={IconGitCommit} word={words.apps.releases.running} plain />
            )}
          </Group>
        </div>
      ),
    },
    {
      id: 'outcome',
      header: words.apps.releases.outcome,
      width: 'minmax(100px, 1fr)',
      cell: (release) =>
        release.outcome === null ? (
          <Text size="sm" c="dimmed">
            {words.apps.releases.noOutcome}
          </Text>
        ) : (
          <StatusBadge tone={tones[release.outcome]} word={words.review.outcome[release.outcome]} />
        ),
    },
    {
      id: 'who',
      header: words.apps.releases.who,
      wideOnly: true,
      cell: (release) => (
        <Text size="sm" truncate>
          {release.by.name}
        </Text>
      ),
    },
    {
      id: 'when',
      header: words.apps.releases.when,
      width: '140px',
      wideOnly: true,
      cell: (release) => <RelativeTime at={release.issuedAt} />,
    },
    {
      id: 'actions',
      header: words.apps.columns.actions,
      quietHeader: true,
      width: '80px',
      align: 'end',
      cell: (release) => (
        <Group gap={0} wrap="nowrap" justify="flex-end">
          <Tooltip label={words.apps.releases.compareOf(release.number)}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={words.apps.releases.compareOf(release.number)}
              onClick={() => onCompare(release.number)}
            >
              <IconFileDiff size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          {mayRollBack && release.number !== newest && release.state === 'running' && (
            <Tooltip label={words.apps.releases.backTo(release.number)}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={words.apps.releases.backTo(release.number)}
                onClick={() => onRollBack(release.number)}
              >
                <IconArrowBackUp size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      ),
    },
  ];
}
