import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useCall, useValue } from '#renderer/bridge/index.ts';
import { DangerConfirm, FaultNotice, notifyDone, RelativeTime, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { isAlarm } from '#shared/contracts/errors/alarms.ts';

const text = words.audit.alarms;

/** AUD-8: records of what happened that differ; a person lets go of each. Nothing when all is well. */
export function Alarms() {
  const { value: session } = useValue('session', {});
  const settle = useCall('settleAlarms');
  const [asks, setAsks] = useState(false);
  const alarms = (session?.notices ?? []).filter(({ fault }) => isAlarm(fault.code));
  if (alarms.length === 0) return null;
  const close = () => {
    setAsks(false);
    settle.clear();
  };
  const run = async () => {
    const result = await settle.run({});
    if (!result.ok) return;
    setAsks(false);
    notifyDone(text.done);
  };
  return (
    <Section
      title={text.title}
      text={text.intro}
      actions={
        <Button variant="default" onClick={() => setAsks(true)}>
          {text.settle}
        </Button>
      }
      bare
    >
      <Stack gap="xs">
        {alarms.map(({ id, at, fault }) => (
          <FaultNotice
            key={id}
            fault={fault}
            actions={
              <Text size="sm" c="dimmed">
                {text.seen} <RelativeTime at={at} />
              </Text>
            }
          />
        ))}
      </Stack>
      <DangerConfirm
        opened={asks}
        onClose={close}
        title={text.ask(alarms.length)}
        losses={alarms.map(({ fault }) => fault.message)}
        keeps={text.keeps}
        confirmLabel={text.confirm}
        onConfirm={() => void run()}
        busy={settle.busy}
        fault={settle.fault}
      />
    </Section>
  );
}
