import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useConfirmPlan } from '#renderer/review/index.ts';
import { FaultNotice, notifyDone } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { PlanView } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { confirmInTurn } from './confirm-in-turn.ts';
import { linesInShort } from './group-pending.ts';

const text = words.plan;

/**
 * Confirms several plans after naming each. Stops at the first refusal: what was sent until then stays sent. It stays
 * mounted while it works, although confirmed plans leave the list one by one.
 */
export function ConfirmAll({ plans }: { plans: readonly PlanView[] }) {
  const confirmPlan = useConfirmPlan();
  const [, navigate] = useLocation();
  // What the person reads is what is confirmed, whatever comes in meanwhile.
  const [asked, setAsked] = useState<readonly PlanView[]>([]);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const close = () => setAsked([]);
  const run = async () => {
    setBusy(true);
    setFault(null);
    const { sent, waiting, left, fault } = await confirmInTurn(asked, confirmPlan);
    setBusy(false);
    setFault(fault);
    if (sent + waiting > 0) notifyDone(text.confirmed(sent + waiting));
    if (left.length > 0) return setAsked(left);
    close();
    if (sent > 0) navigate('/jobs');
  };
  return (
    <>
      {plans.length > 1 && <Button onClick={() => setAsked(plans)}>{text.confirmAll(plans.length)}</Button>}
      <Modal
        opened={asked.length > 0}
        onClose={close}
        title={text.confirmAllTitle(asked.length)}
        closeButtonProps={{ 'aria-label': words.ui.close }}
        size="lg"
      >
        <Stack gap="md">
          <Text size="sm">{text.confirmAllText}</Text>
          <List size="sm" spacing={8}>
            {asked.map(({ planId, appName, verb, node, lines, downtime }) => (
              <List.Item key={planId}>
                <strong>{appName}</strong> · {words.review.verb[verb]} · {node.name}
                <Text size="sm" c="dimmed">
                  {linesInShort(lines)}
                  {downtime.kind === 'none' ? '' : ` · ${downtime.text}`}
                </Text>
              </List.Item>
            ))}
          </List>
          <Text size="sm" c="dimmed">
            {text.confirmAllLeaves}
          </Text>
          <FaultNotice fault={fault} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {text.cancel}
            </Button>
            <Button loading={busy} onClick={() => void run()}>
              {text.confirmAll(asked.length)}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
