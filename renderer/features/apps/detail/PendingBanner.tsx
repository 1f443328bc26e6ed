import { ActionIcon, Button, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconRocket } from '@tabler/icons-react';
import { useState } from 'react';
import { type UsedDocument, useCall, useValue } from '#renderer/bridge/index.ts';
import { placeOfFault } from '#renderer/review/index.ts';
import { Dialog, FaultNotice, notifyDone } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { useOrder } from '../orders/order.ts';
import classes from './AppScreen.module.css';

/** What was edited and not signed yet: how much, why it can not be, and the ways on and back. */
export function PendingBanner({ row, document }: { row: AppRow; document: UsedDocument }) {
  const { value } = useValue('plan', { appId: row.id });
  const ask = useOrder((state) => state.ask);
  const [isReverting, setReverting] = useState(false);
  const plan = value?.plan ?? null;
  const isDraft = row.number === 0;
  const hasUndo = document.canUndo || document.canRedo;
  if (plan === null && value?.fault == null && !hasUndo) return null;
  const lines = plan?.lines.length ?? 0;
  return (
    <>
      {value?.fault && (
        <Stack mt="lg">
          <FaultNotice
            fault={value.fault}
            link={placeOfFault(value.fault, { appId: row.id, nodeId: row.node?.nodeId ?? null })}
          />
        </Stack>
      )}
      <section className={classes.pending} aria-label={words.apps.pending.label}>
        <div className={classes.pendingText}>
          <Text size="sm" fw={600} role="status">
            {isDraft ? words.apps.pending.draft : words.apps.pending.count(lines, value?.fault != null)}
          </Text>
          {plan !== null && plan.blocked.length > 0 && <Text size="sm">{words.apps.pending.blocked}</Text>}
          {plan !== null && plan.blocked.length === 0 && lines > 0 && (
            <Text size="sm" c="dimmed">
              {plan.downtime.text}
            </Text>
          )}
        </div>
        <Group gap="xs">
          <Tooltip label={words.apps.pending.undo}>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={words.apps.pending.undo}
              disabled={!document.canUndo}
              onClick={document.undo}
            >
              <IconArrowBackUp size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={words.apps.pending.redo}>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={words.apps.pending.redo}
              disabled={!document.canRedo}
              onClick={document.redo}
            >
              <IconArrowForwardUp size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          {!isDraft && row.edited && (
            <Button variant="default" onClick={() => setReverting(true)}>
              {words.apps.pending.revert}
            </Button>
          )}
          <Button
            leftSection={<IconRocket size={16} aria-hidden />}
            disabled={plan === null}
            onClick={() => ask({ action: 'deploy', appIds: [row.id] })}
          >
            {words.apps.pending.review}
          </Button>
        </Group>
      </section>
      {isReverting && (
        <RevertDialog
          row={row}
          lines={plan?.lines.map((line) => line.text) ?? []}
          onClose={() => setReverting(false)}
        />
      )}
    </>
  );
}

function RevertDialog({ row, lines, onClose }: { row: AppRow; lines: readonly string[]; onClose: () => void }) {
  const { run, busy, fault } = useCall('revertEdits');
  const revert = async () => {
    const answer = await run({ appId: row.id });
    if (!answer.ok) return;
    notifyDone(words.apps.pending.reverted(row.name, row.number));
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={words.apps.pending.revertTitle(row.number)}>
      <Stack gap="md">
        <Text size="sm">{words.apps.pending.revertText}</Text>
        {lines.length > 0 && (
          <ul style={{ margin: 0, paddingLeft: 20, fontSize: 14, overflowWrap: 'anywhere' }}>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        <FaultNotice fault={fault} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {words.ui.cancel}
          </Button>
          <Button loading={busy} onClick={() => void revert()}>
            {words.apps.pending.revertDo}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
