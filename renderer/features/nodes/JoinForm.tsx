import { Button, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { FaultNotice, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

const text = words.nodes.join;

/** First step of joining: the name. */
export function JoinForm({ taken, onInvited }: { taken: readonly string[]; onInvited: (id: string) => void }) {
  const invite = useCall('inviteNode');
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === '') return setProblem(text.name.empty);
    if (taken.includes(wanted)) return setProblem(text.name.taken);
    const result = await invite.run({ name: wanted });
    if (result.ok) onInvited(result.value.id);
  };
  return (
    <Section title={text.name.label}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md" align="flex-start">
          <TextInput
            label={text.name.field}
            description={text.name.help}
            placeholder={text.name.placeholder}
            value={name}
            error={problem}
            maxLength={63}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            w="100%"
            maw={400}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setProblem(null);
            }}
          />
          <FaultNotice fault={invite.fault} onClose={invite.clear} />
          <Button type="submit" loading={invite.busy}>
            {text.name.next}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
