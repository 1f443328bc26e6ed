import { ActionIcon, Alert, Button, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { IconClipboardText, IconKey, IconPlus, IconTrash, IconVariable } from '@tabler/icons-react';
import { type FormEvent, memo, useMemo, useRef, useState } from 'react';
import { EmptyState, FilterInput, Section, Toolbar } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { type EnvVariable, readEnv } from '../detail/app-fields.ts';
import type { OpenApp } from '../detail/open-app.ts';
import classes from './EnvironmentTab.module.css';
import { MakeSecretDialog } from './MakeSecretDialog.tsx';
import { PasteDialog } from './PasteDialog.tsx';
import { looksSecret } from './secret-name.ts';

/** Mantine writes the title of an alert in its colour: yellow on yellow is not to be read. */
const readableTitle = { title: { color: 'var(--mantine-color-text)' } } as const;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Plain variables of an app, put into its Compose file; what looks like a secret is pointed out. */
export function EnvironmentTab({ app }: { app: OpenApp }) {
  const { document } = app;
  const variables = useMemo(() => readEnv(document.items('env')), [document]);
  const [filter, setFilter] = useState('');
  const [isPasting, setPasting] = useState(false);
  const [secretId, setSecretId] = useState<string | null>(null);
  const latest = useRef(document);
  latest.current = document;
  const actions = useRef<RowActions>({
    set: (id, value) => latest.current.setItem('env', id, { value }),
    remove: (id) => latest.current.removeItem('env', id),
    makeSecret: setSecretId,
  });
  const found = variables.filter(({ key }) => key.toLowerCase().includes(filter.trim().toLowerCase()));
  const suspects = variables.filter(({ key, value }) => looksSecret(key, value));
  const secret = variables.find(({ id }) => id === secretId);

  return (
    <Section
      title={words.apps.env.title}
      text={words.apps.env.text}
      actions={
        <Button
          variant="default"
          leftSection={<IconClipboardText size={16} aria-hidden />}
          onClick={() => setPasting(true)}
          disabled={!document.ready}
        >
          {words.apps.env.paste}
        </Button>
      }
    >
      {variables.length > 8 && (
        <Toolbar>
          <FilterInput
            value={filter}
            onChange={setFilter}
            label={words.apps.env.filter}
            shown={words.apps.env.shown(found.length)}
          />
        </Toolbar>
      )}
      {suspects.length > 0 && (
        <Alert
          color="yellow"
          styles={readableTitle}
          icon={<IconKey size={20} aria-hidden />}
          title={words.apps.env.suspects(suspects.length)}
          mb="md"
        >
          {words.apps.env.suspectsText}
        </Alert>
      )}
      {variables.length === 0 && (
        <EmptyState icon={IconVariable} title={words.apps.env.emptyTitle} text={words.apps.env.emptyText} />
      )}
      <ul className={classes.list} aria-label={words.apps.env.title}>
        {found.map((variable) => (
          <VariableRow key={variable.id} variable={variable} actions={actions.current} />
        ))}
      </ul>
      <AddVariable
        taken={variables.map(({ key }) => key)}
        isDisabled={!document.ready}
        onAdd={(key, value) => document.addItem('env', { key, value })}
      />
      {isPasting && <PasteDialog variables={variables} document={document} onClose={() => setPasting(false)} />}
      {secret !== undefined && <MakeSecretDialog app={app} variable={secret} onClose={() => setSecretId(null)} />}
    </Section>
  );
}

interface RowActions {
  set(id: string, value: string): void;
  remove(id: string): void;
  makeSecret(id: string): void;
}

/** One variable. What is typed is written when the field is left or Enter is pressed: one step of undo. */
const VariableRow = memo(
  function VariableRow({ variable, actions }: { variable: EnvVariable; actions: RowActions }) {
    const { id, key, value } = variable;
    const [typed, setTyped] = useState<string | null>(null);
    const write = () => {
      if (typed !== null && typed !== value) actions.set(id, typed);
      setTyped(null);
    };
    const isSuspect = looksSecret(key, value);
    return (
      <li className={classes.row}>
        <code className={classes.key} title={key}>
          {key}
        </code>
        <TextInput
          className={classes.value}
          classNames={{ input: classes.mono }}
          aria-label={words.apps.env.valueOf(key)}
          value={typed ?? value.replaceAll('\n', '\\n')}
          // Several lines in one field would lose their breaks: such a value is pasted anew.
          readOnly={value.includes('\n')}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={write}
          onKeyDown={(event) => {
            if (event.key === 'Enter') write();
            if (event.key === 'Escape') setTyped(null);
          }}
          autoComplete="off"
          spellCheck={false}
        />
        <Group gap={0} wrap="nowrap">
          {isSuspect && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconKey size={14} aria-hidden />}
              onClick={() => actions.makeSecret(id)}
              aria-label={words.apps.env.makeSecretOf(key)}
            >
              {words.apps.env.makeSecret}
            </Button>
          )}
          <Tooltip label={words.apps.env.remove}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={words.apps.env.removeOf(key)}
              onClick={() => actions.remove(id)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      </li>
    );
  },
  (a, b) =>
    a.variable.id === b.variable.id && a.variable.key === b.variable.key && a.variable.value === b.variable.value,
);

function AddVariable(props: {
  taken: readonly string[];
  isDisabled: boolean;
  onAdd: (key: string, value: string) => void;
}) {
  const { taken, isDisabled, onAdd } = props;
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const name = key.trim();
    if (!NAME.test(name)) return setFault(words.apps.env.badName);
    if (taken.includes(name)) return setFault(words.apps.env.taken(name));
    onAdd(name, value);
    setKey('');
    setValue('');
    setFault(null);
    first.current?.focus();
  };
  return (
    <form onSubmit={add} autoComplete="off" className={classes.row}>
      <TextInput
        ref={first}
        className={classes.addKey}
        classNames={{ input: classes.mono }}
        label={words.apps.env.name}
        placeholder="TZ"
        value={key}
        onChange={(event) => {
          setKey(event.currentTarget.value);
          setFault(null);
        }}
        error={fault}
        autoComplete="off"
        spellCheck={false}
      />
      <TextInput
        className={classes.value}
        classNames={{ input: classes.mono }}
        label={words.apps.env.value}
        placeholder="Europe/Berlin"
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <Button
        type="submit"
        variant="default"
        disabled={isDisabled || key.trim() === ''}
        leftSection={<IconPlus size={16} aria-hidden />}
        className={classes.addButton}
      >
        {words.apps.env.add}
      </Button>
      {key !== '' && looksSecret(key, value === '' ? 'x' : value) && (
        <Text size="sm" c="dimmed" className={classes.hint} role="status">
          {words.apps.env.addSuspect}
        </Text>
      )}
    </form>
  );
}
