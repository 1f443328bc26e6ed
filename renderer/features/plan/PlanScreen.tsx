import { Alert, Button, Text } from '@mantine/core';
import { IconChecks, IconCloudOff } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRows, useValue } from '#renderer/bridge/index.ts';
import { EmptyState, FaultNotice, PageHeader, RelativeTime, RowsSkeleton } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { ProposalRow } from '#shared/contracts/ipc/index.ts';
import { ConfirmAll } from './ConfirmAll.tsx';
import { confirmableTogether, groupPending, type PendingGroup } from './group-pending.ts';
import { PendingApp } from './PendingApp.tsx';
import { Proposals } from './Proposals.tsx';
import { RefusedEdits } from './RefusedEdits.tsx';

const text = words.plan;

/** Everything that was changed or confirmed and does not run yet. Works with the core away. */
export function PlanScreen() {
  const { value: pending, fault } = useValue('pending', {});
  const { value: session } = useValue('session', {});
  const { rows: waitingProposals } = useRows('proposals', {});
  const [accepted, setAccepted] = useState<readonly ProposalRow[]>([]);
  const proposals = [...accepted, ...waitingProposals.filter(({ id }) => !accepted.some((one) => one.id === id))];
  // A plan or proposal that was confirmed here leaves the list at the host; its progress stays in sight until one goes.
  const [watched, setWatched] = useState<ReadonlyMap<string, PendingGroup>>(new Map());
  const groups = pending ? groupPending(pending) : [];
  const kept = [...watched.values()].filter(({ appId }) => !groups.some((one) => one.appId === appId && one.plan));
  const together = confirmableTogether(groups);
  const isAway = session?.core.contact.state === 'away';
  const waiting = pending?.intents.filter(({ state }) => state === 'waiting').length ?? 0;
  const refused = pending?.refused ?? [];
  const stuck =
    groups.filter((one) => one.stuck ?? one.intents.some(({ state }) => state === 'clash')).length + refused.length;
  const asOf = pending?.plans.find((one) => one.asOf !== null)?.asOf ?? session?.levelAt;
  const isEmpty =
    pending !== undefined && groups.length === 0 && kept.length === 0 && refused.length === 0 && proposals.length === 0;
  return (
    <>
      <PageHeader
        title={text.title}
        text={isEmpty || !pending ? text.intro : text.summary(pending.plans.length, waiting, stuck)}
        actions={<ConfirmAll plans={together} />}
      />
      {isAway && !isEmpty && (
        <Alert color="yellow" icon={<IconCloudOff size={20} aria-hidden />} mb="md">
          {text.away}{' '}
          {asOf && (
            <Text size="sm" span>
              {text.asOf} <RelativeTime at={asOf} />.
            </Text>
          )}
        </Alert>
      )}
      <FaultNotice fault={fault} />
      {pending === undefined && fault === null && <RowsSkeleton rows={3} />}
      {isEmpty && (
        <EmptyState
          icon={IconChecks}
          title={text.empty.title}
          text={text.empty.text}
          action={
            <Button component={Link} href="/apps">
              {text.empty.action}
            </Button>
          }
        />
      )}
      {proposals.length > 0 && (
        <Proposals proposals={proposals} onAccepted={(one) => setAccepted((before) => [...before, one])} />
      )}
      {refused.length > 0 && <RefusedEdits edits={refused} />}
      {[...kept, ...groups.filter(({ appId }) => !kept.some((one) => one.appId === appId))].map((group) => (
        <PendingApp
          key={group.appId}
          group={group}
          startsOpen={groups.length <= 3}
          onFollowed={() => setWatched((before) => new Map(before).set(group.appId, group))}
        />
      ))}
    </>
  );
}
