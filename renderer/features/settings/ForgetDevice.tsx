import { Button } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { DangerConfirm, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { lossesOf } from './unsent.ts';

const text = words.settings.forget;

/** Removes this device's keys and data from here, after naming what goes with them. */
export function ForgetDevice({ session }: { session: SessionView }) {
  const [asks, setAsks] = useState(false);
  const forget = useCall('forgetDevice');
  const { device } = session;
  if (device === null) return null;
  return (
    <Section title={text.title} text={text.text}>
      <Button color="red" variant="outline" onClick={() => setAsks(true)}>
        {text.action}
      </Button>
      <DangerConfirm
        opened={asks}
        onClose={() => setAsks(false)}
        title={text.title}
        losses={lossesOf(session)}
        keeps={text.keeps}
        name={device.name}
        confirmLabel={text.confirm}
        busy={forget.busy}
        fault={forget.fault}
        // Everything unsent was named above.
        onConfirm={() => void forget.run({ evenUnsent: true })}
      />
    </Section>
  );
}
