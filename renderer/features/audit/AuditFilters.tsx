import { Button, NativeSelect } from '@mantine/core';
import { FilterInput, Toolbar } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { type AuditEntry, type AuditFilter, actionsOf, everything, isUnfiltered } from './filter-entries.ts';

const text = words.audit;

/** The filters above the log. */
export function AuditFilters({
  entries,
  apps,
  filter,
  onChange,
  shown,
}: {
  entries: readonly AuditEntry[];
  apps: readonly AppRow[];
  filter: AuditFilter;
  onChange: (change: Partial<AuditFilter>) => void;
  shown: number;
}) {
  const actors = Object.entries(text.actors).map(([value, label]) => ({ value, label }));
  const outcomes = Object.entries(text.outcomes).map(([value, label]) => ({ value, label }));
  const named = [...apps]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ id, name }) => ({ value: id, label: name }));
  const actions = actionsOf(entries).map((value) => ({ value, label: value }));
  return (
    <Toolbar
      end={
        !isUnfiltered(filter) && (
          <Button variant="subtle" color="gray" onClick={() => onChange(everything)}>
            {text.clear}
          </Button>
        )
      }
    >
      <FilterInput
        value={filter.text}
        onChange={(value) => onChange({ text: value })}
        label={text.filter}
        shown={text.shown(shown)}
      />
      <Choice
        label={text.actor}
        all={text.all.actor}
        options={actors}
        value={filter.actor}
        onChange={(actor) => onChange({ actor: actor as AuditFilter['actor'] })}
      />
      <Choice
        label={text.action}
        all={text.all.action}
        options={actions}
        value={filter.action}
        onChange={(action) => onChange({ action })}
      />
      <Choice
        label={text.app}
        all={text.all.app}
        options={named}
        value={filter.appId}
        onChange={(appId) => onChange({ appId })}
      />
      <Choice
        label={text.outcome}
        all={text.all.outcome}
        options={outcomes}
        value={filter.outcome}
        onChange={(outcome) => onChange({ outcome: outcome as AuditFilter['outcome'] })}
      />
    </Toolbar>
  );
}

function Choice({
  label,
  all,
  options,
  value,
  onChange,
}: {
  label: string;
  all: string;
  options: readonly { value: string; label: string }[];
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  return (
    <NativeSelect
      aria-label={label}
      data={[{ value: '', label: all }, ...options]}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}
