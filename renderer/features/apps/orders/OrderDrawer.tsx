import { Drawer, Skeleton, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useRow } from '#renderer/bridge/index.ts';
import { PlanReview, placeOfFault } from '#renderer/review/index.ts';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { PlanView } from '#shared/contracts/ipc/index.ts';
import { OrderBatch } from './OrderBatch.tsx';
import { type Order, useOrder } from './order.ts';
import { useOrderPlan } from './use-order-plan.ts';

/** The plan of what was asked for: seen, then confirmed, then followed, in one place. */
export function OrderDrawer() {
  const { order, close } = useOrder();
  const [first, ...rest] = order?.appIds ?? [];
  return (
    <Drawer
      opened={order !== null}
      onClose={close}
      position="right"
      size="xl"
      title={order && <Title order={order} />}
      closeButtonProps={{ 'aria-label': words.ui.close }}
    >
      {order !== null && first !== undefined && rest.length === 0 && (
        <OrderOfOne key={first} order={order} appId={first} />
      )}
      {order !== null && rest.length > 0 && <OrderBatch order={order} />}
    </Drawer>
  );
}

function Title({ order }: { order: Order }) {
  const row = useRow('apps', {}, order.appIds[0] ?? null);
  const what = order.appIds.length === 1 ? (row?.name ?? words.apps.app) : words.apps.count(order.appIds.length);
  return <>{words.apps.orders.title(words.apps.actions[order.action], what)}</>;
}

function OrderOfOne({ order, appId }: { order: Order; appId: string }) {
  const planned = useOrderPlan(order, appId);
  const nodeId = useRow('apps', {}, appId)?.node?.nodeId ?? null;
  const [isFollowed, setFollowed] = useState(false);
  /** A confirmed plan is no longer one of the app's edits, and its progress is still to be seen. */
  const kept = useRef<PlanView | null>(null);
  if (planned.state === 'planned') kept.current = planned.plan;
  const plan = kept.current;

  if (planned.state === 'refused' && !isFollowed)
    return <FaultNotice fault={planned.fault} link={placeOfFault(planned.fault, { appId, nodeId })} />;
  if (plan !== null) return <PlanReview plan={plan} onFollowed={() => setFollowed(true)} />;
  if (planned.state === 'nothing') return <Text size="sm">{words.apps.orders.nothing}</Text>;
  return (
    <Stack gap="xs" aria-busy aria-label={words.apps.orders.planning}>
      <Skeleton height={40} />
      <Skeleton height={120} />
    </Stack>
  );
}
