import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { type UsedDocument, useBridge, useCall } from '#renderer/bridge/index.ts';
import { CodeBlock, FaultNotice, notifyDone, RelativeTime, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { CallOutput } from '#shared/contracts/ipc/index.ts';
import { type Fault, visibleText } from '#shared/kernel/index.ts';
import classes from './ClashPanel.module.css';
import { fieldLabel } from './field-label.ts';

type Clash = CallOutput<'readClashes'>['clashes'][number];

/** Decisions that did not know of each other: both values with their authors, to choose one. */
export function ClashPanel({
  appId,
  clashes: fields,
  document,
}: {
  appId: string;
  clashes: readonly string[];
  document: UsedDocument;
}) {
  const bridge = useBridge();
  const [clashes, setClashes] = useState<readonly Clash[] | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const key = fields.join(' ');
  const read = useCallback(async () => {
    const answer = await bridge.call('readClashes', { appId });
    if (answer.ok) setClashes(answer.value.clashes);
    setFault(answer.ok ? null : answer.error);
  }, [bridge, appId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list of fields means other values
  useEffect(() => void read(), [read, key]);

  return (
    <Section title={words.apps.clashes.title(fields.length)} text={words.apps.clashes.text}>
      <Stack gap="lg">
        <FaultNotice fault={fault} />
        {clashes === null && fault === null && <Skeleton height={80} />}
        {clashes?.map((clash) => (
          <ClashChoice
            key={clash.field}
            appId={appId}
            clash={clash}
            label={fieldLabel(clash.field, (path) => document.fields.get(path))}
            onSettled={() => void read()}
          />
        ))}
      </Stack>
    </Section>
  );
}

function ClashChoice(props: { appId: string; clash: Clash; label: string; onSettled: () => void }) {
  const { appId, clash, label, onSettled } = props;
  const { run, busy, fault } = useCall('settleClash');
  const choose = async (entryId: string) => {
    const answer = await run({ appId, field: clash.field, entryId });
    if (!answer.ok) return;
    notifyDone(words.apps.clashes.settled(label));
    onSettled();
  };
  return (
    <section aria-label={label}>
      <Text size="sm" fw={600} mb={8}>
        <IconArrowsSplit2 size={14} aria-hidden /> {label}
      </Text>
      <div className={classes.entries}>
        {clash.entries.map((entry) => (
          <div key={entry.id} className={classes.entry}>
            <Text size="xs" c="dimmed">
              {entry.author}, <RelativeTime at={entry.at} />
            </Text>
            <CodeBlock
              text={entry.text === '' ? words.apps.clashes.empty : visible(entry.text)}
              label={words.apps.clashes.valueOf(label, entry.author)}
              maxHeight={200}
            />
            <Button mt={8} size="xs" variant="default" disabled={busy} onClick={() => void choose(entry.id)}>
              {words.apps.clashes.keep}
            </Button>
          </div>
        ))}
      </div>
      <FaultNotice fault={fault} />
    </section>
  );
}

/** Another device wrote it: its lines stay, what could hide something in them is shown. */
function visible(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}
