import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { DangerConfirm } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { count } from '#renderer/words/values.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { StepHead } from './StepHead.tsx';

const text = words.firstRun.refused;

/** The device was refused or removed; it can forget all and ask anew. */
export function RefusedNotice({ session }: { session: SessionView }) {
  const [isAsking, setAsking] = useState(false);
  const { run, busy, fault } = useCall('forgetDevice');
  const unsent = session.unsent.rows + session.unsent.intents;
  const unsentLine = text.unsent(count(unsent, words.firstRun.refused.change));
  return (
    <>
      <StepHead title={text.title} text={text.text} />
      <Stack gap="md" align="flex-start">
        {unsent > 0 && <Text size="sm">{unsentLine}</Text>}
        <Button color="red" variant="light" onClick={() => setAsking(true)}>
          {text.forget}
        </Button>
      </Stack>
      <DangerConfirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={text.forget}
        losses={[text.losses, ...(unsent > 0 ? [unsentLine] : [])]}
        confirmLabel={text.forget}
        busy={busy}
        fault={fault}
        onConfirm={() =>
          void run({ evenUnsent: true }).then((result) => {
            if (result.ok) setAsking(false);
          })
        }
      />
    </>
  );
}
