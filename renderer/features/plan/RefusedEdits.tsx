import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { DangerConfirm, FaultNotice, notifyDone, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { RefusedEditView } from '#shared/contracts/ipc/index.ts';
import classes from './plan.module.css';

const text = words.plan.refused;

/** Edits of this device that the core did not take: they are kept here until a person decides. */
export function RefusedEdits({ edits }: { edits: readonly RefusedEditView[] }) {
  return (
    <Section title={text.title(edits.length)} text={text.text}>
      <Stack gap="lg">
        {edits.map((edit) => (
          <RefusedItem key={edit.id} edit={edit} />
        ))}
      </Stack>
    </Section>
  );
}

function RefusedItem({ edit }: { edit: RefusedEditView }) {
  const [asks, setAsks] = useState(false);
  const settle = useCall('settleRefused');
  const name = edit.appId === null ? text.fleet : edit.appName;
  const run = async (how: 'rewrite' | 'discard') => {
    const result = await settle.run({ id: edit.id, how });
    if (!result.ok) return;
    setAsks(false);
    notifyDone(how === 'rewrite' ? text.rewritten(name) : text.discarded(name));
  };
  return (
    <section className={classes.intent} data-clash aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Group gap="xs">
          {edit.canRewrite && (
            <Button
              variant="default"
              size="xs"
              disabled={settle.busy}
              aria-label={`${text.rewrite}: ${name}`}
              onClick={() => void run('rewrite')}
            >
              {text.rewrite}
            </Button>
          )}
          <Button
            variant="default"
            size="xs"
            disabled={settle.busy}
            aria-label={`${text.discard}: ${name}`}
            onClick={() => setAsks(true)}
          >
            {text.discard}
          </Button>
        </Group>
      </Group>
      <ul className={classes.lines}>
        {edit.lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <FaultNotice fault={asks ? edit.fault : (settle.fault ?? edit.fault)} />
      <DangerConfirm
        opened={asks}
        onClose={() => setAsks(false)}
        title={text.discardTitle(name)}
        losses={edit.lines.length > 0 ? edit.lines : [text.discardLoss]}
        confirmLabel={text.discard}
        busy={settle.busy}
        fault={settle.fault}
        onConfirm={() => void run('discard')}
      />
    </section>
  );
}
