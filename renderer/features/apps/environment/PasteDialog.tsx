import { Alert, Button, Code, Group, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import type { UsedDocument } from '#renderer/bridge/index.ts';
import { Dialog, notifyDone } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { EnvVariable } from '../detail/app-fields.ts';
import classes from './EnvironmentTab.module.css';
import { parseEnvFile } from './parse-env-file.ts';
import { looksSecret } from './secret-name.ts';

export interface PasteDialogProps {
  readonly variables: readonly EnvVariable[];
  readonly document: UsedDocument;
  readonly onClose: () => void;
}

/** Takes a whole .env file; says what is new, what changes and what is no variable before anything is written. */
export function PasteDialog({ variables, document, onClose }: PasteDialogProps) {
  const [text, setText] = useState('');
  const { entries, problems } = useMemo(() => parseEnvFile(text), [text]);
  const known = new Map(variables.map((variable) => [variable.key, variable]));
  const added = entries.filter(({ key }) => !known.has(key));
  const changed = entries.filter(({ key, value }) => known.has(key) && known.get(key)?.value !== value);
  const suspects = entries.filter(({ key, value }) => looksSecret(key, value));
  const write = (event: FormEvent) => {
    event.preventDefault();
    for (const { key, value } of added) document.addItem('env', { key, value });
    for (const { key, value } of changed) document.setItem('env', known.get(key)?.id ?? '', { value });
    notifyDone(words.apps.env.pasted(added.length, changed.length));
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={words.apps.env.pasteTitle} size="lg">
      <form onSubmit={write} autoComplete="off">
        <Stack gap="md">
          <Textarea
            label={words.apps.env.pasteLabel}
            description={words.apps.env.pasteHint}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            rows={8}
            classNames={{ input: classes.mono }}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
          />
          <Text size="sm" role="status">
            {text === '' ? '' : words.apps.env.found(added.length, changed.length, entries.length)}
          </Text>
          {problems.length > 0 && (
            <ul className={classes.found} aria-label={words.apps.env.problems}>
              {problems.map(({ line, text: shown, reason }) => (
                <li key={`${line} ${reason}`}>
                  {words.apps.env.problem(line, reason)} <Code>{shown.slice(0, 80)}</Code>
                </li>
              ))}
            </ul>
          )}
          {suspects.length > 0 && (
            <Alert
              color="yellow"
              styles={{ title: { color: 'var(--mantine-color-text)' } }}
              title={words.apps.env.suspects(suspects.length)}
            >
              {suspects.map(({ key }) => key).join(', ')}. {words.apps.env.pasteSuspects}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button type="submit" disabled={added.length + changed.length === 0}>
              {words.apps.env.take(added.length + changed.length)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
