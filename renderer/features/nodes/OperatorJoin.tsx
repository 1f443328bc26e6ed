import { Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CopyField, ProgressSteps, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { NodeGreeting } from './NodeGreeting.tsx';
import { tokenCommand } from './owner-commands.ts';

const text = words.nodes.join;

/** An operator may not let a server in: the one command for an owner's device, and the wait for what it brings. */
export function OperatorJoin({ nodes }: { nodes: readonly NodeRow[] }) {
  const [before] = useState(() => new Set(nodes.map(({ id }) => id)));
  const [name, setName] = useState('');
  const joined = nodes.find(({ id }) => !before.has(id));
  if (joined?.status === 'online') return <NodeGreeting node={joined} />;
  return (
    <Section title={text.operator.title} text={text.operator.help}>
      <Stack gap="md">
        <TextInput
          label={text.name.field}
          placeholder={text.name.placeholder}
          value={name}
          maxLength={63}
          autoComplete="off"
          spellCheck={false}
          maw={400}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <CopyField label={text.operator.label} value={tokenCommand(name)} />
        <ProgressSteps
          label={text.progress}
          steps={[
            { id: 'waiting', title: text.steps.waiting, state: joined ? 'done' : 'running' },
            { id: 'arriving', title: text.steps.arriving, state: joined ? 'running' : 'waiting' },
          ]}
        />
      </Stack>
    </Section>
  );
}
