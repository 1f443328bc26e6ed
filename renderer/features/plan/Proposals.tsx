import { Button, Group, Modal, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { PlanReview } from '#renderer/review/index.ts';
import { FaultNotice, notifyDone, RelativeTime, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { PlanView, ProposalRow } from '#shared/contracts/ipc/index.ts';
import classes from './plan.module.css';

const text = words.plan.asked;

/** Unsigned wishes: each with its plan, which a person signs, or declines. */
export function Proposals({
  proposals,
  onAccepted,
}: {
  proposals: readonly ProposalRow[];
  onAccepted: (proposal: ProposalRow) => void;
}) {
  return (
    <Section title={text.title} text={text.text}>
      <Stack gap="lg">
        {proposals.map((proposal) => (
          <ProposalItem key={proposal.id} proposal={proposal} onAccepted={() => onAccepted(proposal)} />
        ))}
      </Stack>
    </Section>
  );
}

function ProposalItem({ proposal, onAccepted }: { proposal: ProposalRow; onAccepted: () => void }) {
  const { id, verb, appName, by, note, createdAt, expiresAt } = proposal;
  const [plan, setPlan] = useState<PlanView | null>(null);
  const [asks, setAsks] = useState(false);
  const planning = useCall('planProposal');
  const what = words.review.askedFor[verb](appName);
  const look = async () => {
    if (plan !== null) return setPlan(null);
    const result = await planning.run({ id });
    if (result.ok) setPlan(result.value);
  };
  return (
    <section className={classes.intent} aria-label={what}>
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm" fw={600}>
            {what}
          </Text>
          <Text size="sm" c="dimmed">
            {words.review.askedBy(by.kind, by.name)} · <RelativeTime at={createdAt} /> · {text.until}{' '}
            <RelativeTime at={expiresAt} />
          </Text>
        </div>
        <Group gap="xs">
          <Button
            variant="light"
            size="xs"
            loading={planning.busy}
            aria-expanded={plan !== null}
            aria-label={`${plan === null ? text.look : text.fold}: ${what}`}
            onClick={() => void look()}
          >
            {plan === null ? text.look : text.fold}
          </Button>
          <Button variant="default" size="xs" aria-label={`${text.decline}: ${what}`} onClick={() => setAsks(true)}>
            {text.decline}
          </Button>
        </Group>
      </Group>
      {/* The plan says it too. */}
      {note !== '' && plan === null && <Text size="sm">{note}</Text>}
      <FaultNotice fault={planning.fault} />
      {planning.busy && <Skeleton height={96} mt="sm" />}
      {plan !== null && <PlanReview plan={plan} onFollowed={onAccepted} />}
      <Decline opened={asks} onClose={() => setAsks(false)} id={id} what={what} />
    </section>
  );
}

function Decline({ opened, onClose, id, what }: { opened: boolean; onClose: () => void; id: string; what: string }) {
  const [reason, setReason] = useState('');
  const decline = useCall('declineProposal');
  const run = async () => {
    const result = await decline.run({ id, reason });
    if (!result.ok) return;
    onClose();
    notifyDone(text.declined(what));
  };
  return (
    <Modal opened={opened} onClose={onClose} title={text.declineTitle(what)}>
      <Stack gap="md">
        <Text size="sm">{text.declineText}</Text>
        <Textarea
          label={text.reason}
          maxLength={512}
          autosize
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FaultNotice fault={decline.fault} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {words.plan.cancel}
          </Button>
          <Button loading={decline.busy} onClick={() => void run()}>
            {text.decline}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
