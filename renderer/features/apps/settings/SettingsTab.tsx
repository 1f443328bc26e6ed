import { Alert, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useRows } from '#renderer/bridge/index.ts';
import { ExceptionList } from '#renderer/review/exceptions/index.ts';
import { Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { readExceptions, readPolicies } from '../detail/app-fields.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { RemoveApp } from './RemoveApp.tsx';
import classes from './SettingsTab.module.css';

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** How an app is judged, where it runs, what it is allowed past the guardrails, and its end. */
export function SettingsTab({ app }: { app: OpenApp }) {
  return (
    <>
      <Section title={words.apps.settings.title}>
        <Stack gap="md" className={classes.form}>
          <NameField app={app} />
          <NodeField app={app} />
        </Stack>
      </Section>
      <Section title={words.apps.settings.judged} text={words.apps.settings.judgedText}>
        <PolicyFields app={app} />
      </Section>
      <Exceptions app={app} />
      {app.detail.row.number > 0 && app.detail.row.wanted !== 'removed' && <RemoveApp app={app} />}
    </>
  );
}

function NameField({ app: { document, detail } }: { app: OpenApp }) {
  const name = String(document.fields.get('name') ?? detail.row.name);
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? name;
  const isBad = !NAME.test(shown);
  const write = () => {
    if (typed !== null && typed !== name && !isBad) document.setField('name', typed);
    setTyped(null);
  };
  return (
    <TextInput
      label={words.apps.settings.name}
      description={words.apps.settings.nameHint}
      value={shown}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={write}
      onKeyDown={(event) => event.key === 'Enter' && write()}
      error={isBad && words.apps.settings.badName}
      disabled={!document.ready}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function NodeField({ app: { document, detail } }: { app: OpenApp }) {
  const { rows } = useRows('nodes', {});
  const chosen = document.fields.get('node');
  const nodeId = typeof chosen === 'string' ? chosen : null;
  const hasMoved =
    detail.row.number > 0 && detail.row.node !== null && nodeId !== null && nodeId !== detail.row.node.nodeId;
  return (
    <>
      <Select
        label={words.apps.settings.node}
        description={words.apps.settings.nodeHint}
        data={rows.map((node) => ({ value: node.id, label: node.name }))}
        value={nodeId}
        onChange={(value) => value !== null && document.setField('node', value)}
        allowDeselect={false}
        disabled={!document.ready}
      />
      {hasMoved && (
        <Alert
          color="yellow"
          styles={{ title: { color: 'var(--mantine-color-text)' } }}
          icon={<IconAlertTriangle size={20} aria-hidden />}
          title={words.apps.settings.movesTitle}
        >
          {words.apps.settings.movesText(detail.row.node?.name ?? '', detail.volumes.length)}
        </Alert>
      )}
    </>
  );
}

function PolicyFields({ app: { document } }: { app: OpenApp }) {
  const stored = document.fields.get('policies');
  const policies = readPolicies(stored);
  const set = (name: keyof typeof policies, seconds: number | string, least: number, most: number) => {
    if (typeof seconds !== 'number' || seconds < least || seconds > most) return;
    const before = typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? stored : {};
    if (policies[name] !== seconds * 1_000)
      document.setField('policies', { ...before, [name]: Math.round(seconds * 1_000) });
  };
  return (
    <Stack gap="md" className={classes.form}>
      <SecondsField
        label={words.apps.settings.health}
        hint={words.apps.settings.healthHint}
        ms={policies.healthTimeoutMs}
        least={1}
        most={3_600}
        isDisabled={!document.ready}
        onWrite={(seconds) => set('healthTimeoutMs', seconds, 1, 3_600)}
      />
      <SecondsField
        label={words.apps.settings.settle}
        hint={words.apps.settings.settleHint}
        ms={policies.settleMs}
        least={0}
        most={600}
        isDisabled={!document.ready}
        onWrite={(seconds) => set('settleMs', seconds, 0, 600)}
      />
    </Stack>
  );
}

interface SecondsFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly ms: number;
  readonly least: number;
  readonly most: number;
  readonly isDisabled: boolean;
  readonly onWrite: (seconds: number) => void;
}

/** A time in seconds, written when the field is left: one step of undo, not one for each digit. */
function SecondsField({ label, hint, ms, least, most, isDisabled, onWrite }: SecondsFieldProps) {
  const [typed, setTyped] = useState<number | string | null>(null);
  const write = () => {
    if (typeof typed === 'number') onWrite(typed);
    setTyped(null);
  };
  return (
    <NumberInput
      label={label}
      description={hint}
      value={typed ?? ms / 1_000}
      onChange={setTyped}
      onBlur={write}
      onKeyDown={(event) => event.key === 'Enter' && write()}
      min={least}
      max={most}
      suffix={words.apps.settings.seconds}
      disabled={isDisabled}
      hideControls
    />
  );
}

function Exceptions({ app: { document } }: { app: OpenApp }) {
  const exceptions = useMemo(() => readExceptions(document.items('exceptions')), [document]);
  return (
    <Section title={words.compose.exceptions.title} text={words.compose.exceptions.text}>
      {exceptions.length === 0 ? (
        <Text size="sm" c="dimmed">
          {words.apps.settings.noExceptions}
        </Text>
      ) : (
        <ExceptionList exceptions={exceptions} onRemove={({ id }) => document.removeItem('exceptions', id)} />
      )}
    </Section>
  );
}
