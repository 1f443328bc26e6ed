import { Button, Code, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Section, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import classes from './nodes.module.css';
import { OwnerCommand } from './OwnerCommand.tsx';
import { closeCommand, openCommand } from './owner-commands.ts';

const text = words.nodes.openings;

/** Folders and devices of a server that an owner opened to apps; opening and closing are an owner's commands. */
export function OpeningsSection({ node }: { node: NodeRow }) {
  const [asked, setAsked] = useState<string | null>(null);
  return (
    <Section
      id="openings"
      title={text.title}
      text={text.intro}
      actions={
        <Button variant="default" onClick={() => setAsked(asked === null ? openCommand(node.name) : null)}>
          {asked === null ? text.open : words.ui.close}
        </Button>
      }
    >
      <Stack gap="md">
        {asked !== null && <OwnerCommand text={text.owner} command={asked} />}
        {node.openings.length === 0 ? (
          <Text size="sm" c="dimmed">
            {text.none}
          </Text>
        ) : (
          <ul className={classes.list}>
            {node.openings.map((opening) => {
              const { appId, what, name, path, readOnly, status, usedBy } = opening;
              return (
                <li key={appId}>
                  <div>
                    <Text size="sm">
                      <b>{name}</b> {text.kind[what]} <Code>{path}</Code>
                      {readOnly && ` ${text.readOnly}`}
                    </Text>
                    <Text size="sm" c="dimmed">
                      {text.usedBy(usedBy)}
                    </Text>
                  </div>
                  <StatusBadge
                    tone={status === 'open' ? 'good' : status === 'away' ? 'bad' : 'warn'}
                    word={text.status[status]}
                  />
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="gray"
                    aria-label={text.closeOf(name)}
                    onClick={() => setAsked(closeCommand(node.name, what, name))}
                  >
                    {text.close}
                  </Button>
                </li>
              );
            })}
          </ul>
        )}
      </Stack>
    </Section>
  );
}
