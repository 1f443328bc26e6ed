import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { PlanReview, placeOfFault } from '#renderer/review/index.ts';
import { FaultNotice, RowsSkeleton } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { PlanView } from '#shared/contracts/ipc/index.ts';

/** An order that was chosen in the palette. */
export interface OrderWish {
  readonly verb: 'stop' | 'start' | 'rollback';
  readonly appId: string;
  readonly name: string;
}

/** The plan of an order that was chosen in the palette: nothing is signed before it was looked at. */
export function OrderDialog({ wish, onClose }: { wish: OrderWish | null; onClose: () => void }) {
  return (
    <Modal
      opened={wish !== null}
      onClose={onClose}
      size="lg"
      title={wish && words.app.order[wish.verb](wish.name)}
      closeButtonProps={{ 'aria-label': words.ui.close }}
    >
      {wish && <Plan key={`${wish.verb} ${wish.appId}`} wish={wish} />}
    </Modal>
  );
}

function Plan({ wish }: { wish: OrderWish }) {
  const { run, fault } = useCall('planOrder');
  const [plan, setPlan] = useState<PlanView | null>(null);
  useEffect(() => {
    let isWanted = true;
    void run({ appId: wish.appId, verb: wish.verb }).then((result) => {
      if (isWanted && result.ok) setPlan(result.value);
    });
    return () => {
      isWanted = false;
    };
  }, [run, wish]);
  if (plan) return <PlanReview plan={plan} />;
  return fault ? (
    <FaultNotice fault={fault} link={placeOfFault(fault, { appId: wish.appId, nodeId: null })} />
  ) : (
    <RowsSkeleton rows={3} />
  );
}
