import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useRow } from '#renderer/bridge/index.ts';
import {
  type Followed,
  isConfirmable,
  isHarmless,
  JobProgress,
  placeOfFault,
  useConfirmPlan,
} from '#renderer/review/index.ts';
import { FaultNotice, notifyFault } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { PlanView } from '#shared/contracts/ipc/index.ts';
import classes from './OrderBatch.module.css';
import { type Order, useOrder } from './order.ts';
import { useOrderPlan } from './use-order-plan.ts';

/** The same for several apps: every plan is shown with all its lines, then one press confirms those that can be. */
export function OrderBatch({ order }: { order: Order }) {
  const { close } = useOrder();
  const [plans, setPlans] = useState<ReadonlyMap<string, PlanView>>(new Map());
  const [followed, setFollowed] = useState<ReadonlyMap<string, Followed>>(new Map());
  const [isBusy, setBusy] = useState(false);
  const confirmPlan = useConfirmPlan();

  const take = useCallback((appId: string, plan: PlanView | null) => {
    setPlans((before) => {
      const next = new Map(before);
      if (plan === null) next.delete(appId);
      else next.set(appId, plan);
      return next;
    });
  }, []);
  const ready = [...plans.values()].filter(isHarmless).filter((plan) => !followed.has(plan.appId));

  const confirmAll = async () => {
    setBusy(true);
    for (const plan of ready) {
      const answer = await confirmPlan(plan);
      if (answer.ok) setFollowed((before) => new Map(before).set(plan.appId, answer.value));
      else notifyFault(answer.error);
    }
    setBusy(false);
  };

  return (
    <Stack gap="md">
      {order.appIds.map((appId) => (
        <BatchItem key={appId} order={order} appId={appId} followed={followed.get(appId) ?? null} onPlan={take} />
      ))}
      <Group justify="flex-end" gap="xs" className={classes.foot}>
        <Button variant="default" onClick={close}>
          {words.ui.close}
        </Button>
        <Button
          color={order.action === 'remove' ? 'red' : undefined}
          disabled={ready.length === 0}
          loading={isBusy}
          onClick={() => void confirmAll()}
        >
          {words.apps.orders.confirmAll(words.apps.actions[order.action], ready.length)}
        </Button>
      </Group>
    </Stack>
  );
}

interface BatchItemProps {
  readonly order: Order;
  readonly appId: string;
  readonly followed: Followed | null;
  readonly onPlan: (appId: string, plan: PlanView | null) => void;
}

function BatchItem({ order, appId, followed, onPlan }: BatchItemProps) {
  const row = useRow('apps', {}, appId);
  const name = row?.name ?? appId;
  const nodeId = row?.node?.nodeId ?? null;
  const planned = useOrderPlan(order, appId);
  const plan = planned.state === 'planned' ? planned.plan : null;
  useEffect(() => onPlan(appId, plan), [onPlan, appId, plan]);
  return (
    <section className={classes.item} aria-label={name}>
      <Title order={3} size="h4">
        {name}
      </Title>
      {followed?.kind === 'jobs' && followed.jobs.map((job) => <JobProgress key={job} jobId={job} />)}
      {followed?.kind === 'waiting' && <Text size="sm">{words.review.waiting}</Text>}
      {followed === null && (
        <>
          {planned.state === 'planning' && <Skeleton height={32} />}
          {planned.state === 'nothing' && <Text size="sm">{words.apps.orders.nothing}</Text>}
          {planned.state === 'refused' && (
            <FaultNotice fault={planned.fault} link={placeOfFault(planned.fault, { appId, nodeId })} />
          )}
          {plan !== null && <BatchPlan plan={plan} />}
        </>
      )}
    </section>
  );
}

function BatchPlan({ plan }: { plan: PlanView }) {
  return (
    <>
      <ul className={classes.lines}>
        {plan.lines.map((line) => (
          <li key={line.id}>
            {words.review.change[line.change]}: {line.text}
          </li>
        ))}
        <li>
          {words.review.downtime}: {plan.downtime.text}
        </li>
        {plan.byHand.map((line) => (
          <li key={line}>
            {words.review.byHand}: {line}
          </li>
        ))}
      </ul>
      {plan.blocked.map((fault) => (
        <FaultNotice
          key={`${fault.code} ${fault.message}`}
          fault={fault}
          link={placeOfFault(fault, { appId: plan.appId, nodeId: plan.node.nodeId })}
        />
      ))}
      {plan.ownerCommand !== null && <Text size="sm">{words.apps.orders.ownerOne}</Text>}
      {isConfirmable(plan) && !isHarmless(plan) && <Text size="sm">{words.apps.orders.aloneOne}</Text>}
    </>
  );
}
