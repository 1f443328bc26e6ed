import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useCall } from '#renderer/bridge/index.ts';
import { CopyField, FaultNotice, RelativeTime } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { StepHead } from '../StepHead.tsx';
import classes from './JoinWait.module.css';

const text = words.firstRun.join;

/** Waits for an owner's device: its command first, then the code that has to be the same on both. */
export function JoinWait({ joining }: { joining: NonNullable<SessionView['joining']> }) {
  const { run, busy, fault } = useCall('cancelJoin');
  return (
    <>
      <StepHead title={text.waitingTitle} />
      <Stack gap="lg">
        <section>
          <Title order={2} size="h4" mb={8}>
            1. {text.step1}
          </Title>
          <CopyField label={words.review.ownerCommand} value={joining.command} wrap />
        </section>
        <section>
          <Title order={2} size="h4" mb={4}>
            2. {text.step2}
          </Title>
          <Text size="sm" c="dimmed" mb={8}>
            {text.codeText}
          </Text>
          <div role="status" className={classes.box}>
            {joining.code === null ? (
              <Text size="sm" c="dimmed">
                <Loader size={12} mr={8} aria-hidden />
                {text.codeWaiting}
              </Text>
            ) : (
              <output className={classes.code} aria-label={text.codeLabel}>
                {joining.code}
              </output>
            )}
          </div>
        </section>
        <FaultNotice fault={fault} />
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {text.until} <RelativeTime at={joining.expiresAt} />
          </Text>
          <Button variant="default" loading={busy} onClick={() => void run({})}>
            {text.cancel}
          </Button>
        </Group>
      </Stack>
    </>
  );
}
