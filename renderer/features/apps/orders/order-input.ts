import type { CallInput } from '#shared/contracts/ipc/index.ts';
import type { Order, PlannedAction } from './order.ts';

/** What an order has besides its apps. */
type OrderParts = { readonly [K in 'number' | 'confirmName']?: Order[K] | undefined } & {
  readonly action: Exclude<PlannedAction, 'deploy'>;
};

/** What the device is asked to plan. Data goes only with a removal, and only by the name that a person typed. */
export function orderInput({ action, number, confirmName }: OrderParts, appId: string): CallInput<'planOrder'> {
  return {
    appId,
    verb: action,
    ...(action === 'rollback' && number !== undefined ? { number } : {}),
    ...(action === 'remove' && confirmName !== undefined ? { deleteData: { confirmName } } : {}),
  };
}
