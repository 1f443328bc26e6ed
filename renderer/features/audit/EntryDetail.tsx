import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyField, Facts, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { absoluteTime } from '#renderer/words/values.ts';
import type { AuditEntry } from './filter-entries.ts';
import type { SubjectNames } from './subject.ts';

const text = words.audit;

/** One entry with everything in it. */
export function EntryDetail({ entry, names }: { entry: AuditEntry; names: SubjectNames }) {
  const facts: [string, ReactNode][] = [
    [text.entry.at, <time key="at" dateTime={entry.at}>{`${absoluteTime(entry.at)} (${entry.at})`}</time>],
    [text.entry.by, entry.by],
    [text.entry.id, <code key="id">{entry.actor.id}</code>],
    [text.entry.action, <code key="action">{entry.action}</code>],
    [
      text.entry.outcome,
      <StatusBadge
        key="outcome"
        tone={entry.outcome === 'accepted' ? 'good' : 'bad'}
        word={text.outcomes[entry.outcome]}
        plain
      />,
    ],
  ];
  if (entry.fault !== null) facts.push([text.entry.fault, <code key="fault">{entry.fault}</code>]);
  for (const [key, value] of Object.entries(entry.subject)) {
    const name = names.app(value) ?? names.node(value);
    facts.push([key, name === undefined ? value : `${name} (${value})`]);
  }
  return (
    <Stack gap="lg">
      <Facts facts={facts} />
      <CopyField label={text.entry.hash} value={entry.hash} wrap />
    </Stack>
  );
}
