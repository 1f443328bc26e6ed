import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { DangerConfirm, FaultNotice, notifyDone, RelativeTime, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { IntentView } from '#shared/contracts/ipc/index.ts';
import classes from './plan.module.css';

const text = words.plan.intent;

/** A confirmed change that waits for the core, or came back as a clash. */
export function IntentItem({ intent }: { intent: IntentView }) {
  const [asks, setAsks] = useState(false);
  const discard = useCall('discardIntent');
  const isClash = intent.state === 'clash';
  const run = async () => {
    const result = await discard.run({ id: intent.id });
    if (!result.ok) return;
    setAsks(false);
    notifyDone(text.discarded);
  };
  return (
    <div className={classes.intent} data-clash={isClash || undefined}>
      <Group justify="space-between" gap="xs">
        <div>
          <StatusBadge tone={isClash ? 'warn' : 'busy'} word={isClash ? text.clash : text.waiting} plain />
          <Text size="sm" c="dimmed">
            {words.review.verb[intent.verb]} · {text.since} <RelativeTime at={intent.createdAt} />
          </Text>
        </div>
        <Button variant="default" size="xs" onClick={() => setAsks(true)}>
          {text.discard}
        </Button>
      </Group>
      <ul className={classes.lines}>
        {intent.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an intent never changes
          <li key={index}>{line}</li>
        ))}
      </ul>
      <FaultNotice
        fault={intent.fault}
        link={isClash ? { href: `/apps/${intent.appId}`, label: words.plan.toApp } : undefined}
      />
      <DangerConfirm
        opened={asks}
        onClose={() => setAsks(false)}
        title={text.discardTitle(intent.appName)}
        losses={[text.discardLoss]}
        confirmLabel={text.discard}
        busy={discard.busy}
        fault={discard.fault}
        onConfirm={() => void run()}
      />
    </div>
  );
}
