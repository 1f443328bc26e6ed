import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { useCall } from '#renderer/bridge/index.ts';
import { isConfirmable, PlanReview, placeOfFault } from '#renderer/review/index.ts';
import { DangerConfirm, FaultNotice, notifyDone, Section, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { PendingView, PlanView } from '#shared/contracts/ipc/index.ts';
import { linesInShort, type PendingGroup } from './group-pending.ts';
import { IntentItem } from './IntentItem.tsx';

const text = words.plan;

/** What is pending of one app: its plan, what keeps it from one, what waits. */
export function PendingApp({
  group,
  startsOpen,
  onFollowed,
}: {
  group: PendingGroup;
  startsOpen: boolean;
  onFollowed: () => void;
}) {
  const { appId, appName, plan, stuck, intents } = group;
  const [open, setOpen] = useState(startsOpen);
  return (
    <Section
      title={appName}
      text={plan ? `${words.review.verb[plan.verb]} · ${plan.node.name} · ${text.lines(plan.lines.length)}` : undefined}
      actions={
        <>
          {plan && !isConfirmable(plan) && <StatusBadge tone="warn" word={words.review.blocked} />}
          <Anchor component={Link} href={`/apps/${appId}`} size="sm" aria-label={`${text.toApp}: ${appName}`}>
            {text.toApp}
          </Anchor>
          {plan && (
            <Button
              variant="default"
              size="xs"
              aria-expanded={open}
              aria-label={`${open ? text.close : text.open}: ${appName}`}
              onClick={() => setOpen(!open)}
            >
              {open ? text.close : text.open}
            </Button>
          )}
        </>
      }
    >
      <Stack gap="lg">
        {intents.map((intent) => (
          <IntentItem key={intent.id} intent={intent} />
        ))}
        {stuck && <Stuck stuck={stuck} />}
        {plan && !open && (
          <Text size="sm" c="dimmed" lineClamp={2}>
            {linesInShort(plan.lines)}
          </Text>
        )}
        {plan && open && (
          <PlanReview key={plan.planId} plan={plan} onFollowed={onFollowed} actions={<Revert plan={plan} />} />
        )}
      </Stack>
    </Section>
  );
}

function Stuck({ stuck }: { stuck: PendingView['stuck'][number] }) {
  const { appId, fault } = stuck;
  const place = placeOfFault(fault, { appId, nodeId: null }) ?? { href: `/apps/${appId}`, label: text.stuckLink };
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {text.stuck}
      </Text>
      <FaultNotice fault={fault} link={place} />
    </div>
  );
}

/** Throws the edits away: back to the last signed release, or the whole draft where there is none. */
function Revert({ plan }: { plan: PlanView }) {
  const [asks, setAsks] = useState(false);
  const revert = useCall('revertEdits');
  const drop = useCall('discardDraft');
  const isDraft = plan.base === null;
  const run = async () => {
    const result = await (isDraft ? drop : revert).run({ appId: plan.appId });
    if (!result.ok) return;
    setAsks(false);
    notifyDone(text.reverted(plan.appName));
  };
  return (
    <Group gap="xs">
      <Button variant="subtle" color="gray" onClick={() => setAsks(true)}>
        {isDraft ? text.discardDraft : text.revert}
      </Button>
      <DangerConfirm
        opened={asks}
        onClose={() => setAsks(false)}
        title={isDraft ? text.discardDraftTitle(plan.appName) : text.revertTitle(plan.appName)}
        losses={[isDraft ? text.discardDraftLoss : text.revertLoss]}
        keeps={isDraft ? undefined : text.revertKeeps}
        confirmLabel={isDraft ? text.discardDraft : text.revert}
        busy={revert.busy || drop.busy}
        fault={revert.fault ?? drop.fault}
        onConfirm={() => void run()}
      />
    </Group>
  );
}
