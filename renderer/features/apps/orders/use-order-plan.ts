import { useEffect, useState } from 'react';
import { useBridge, useValue } from '#renderer/bridge/index.ts';
import type { PlanView } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import type { Order } from './order.ts';
import { orderInput } from './order-input.ts';

/** A plan that is awaited, there, or refused. `plan` null with no fault: there is nothing to sign. */
export type OrderPlan =
  | { readonly state: 'planning' }
  | { readonly state: 'planned'; readonly plan: PlanView }
  | { readonly state: 'nothing' }
  | { readonly state: 'refused'; readonly fault: Fault };

/** The plan of an order for one app. A deploy's plan is the live one of the app's edits; others are asked for once. */
export function useOrderPlan(order: Order, appId: string): OrderPlan {
  const bridge = useBridge();
  const isDeploy = order.action === 'deploy';
  const live = useValue('plan', isDeploy ? { appId } : null);
  const [asked, setAsked] = useState<OrderPlan>({ state: 'planning' });
  const { action, number, confirmName } = order;

  useEffect(() => {
    if (action === 'deploy') return;
    let isWanted = true;
    setAsked({ state: 'planning' });
    void bridge.call('planOrder', orderInput({ action, number, confirmName }, appId)).then((answer) => {
      if (!isWanted) return;
      setAsked(answer.ok ? { state: 'planned', plan: answer.value } : { state: 'refused', fault: answer.error });
    });
    return () => {
      isWanted = false;
    };
  }, [bridge, appId, action, number, confirmName]);

  if (!isDeploy) return asked;
  if (live.value === undefined)
    return live.fault === null ? { state: 'planning' } : { state: 'refused', fault: live.fault };
  if (live.value.plan !== null) return { state: 'planned', plan: live.value.plan };
  return live.value.fault === null ? { state: 'nothing' } : { state: 'refused', fault: live.value.fault };
}
