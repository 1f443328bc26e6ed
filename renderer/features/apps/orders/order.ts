import { create } from 'zustand';
import type { AppAction } from '../list/app-actions.ts';

/** Actions that need a plan to be seen before they are signed. */
export type PlannedAction = Extract<AppAction, 'deploy' | 'start' | 'stop' | 'rollback' | 'remove'>;

/** What a person asked for and is about to look at. */
export interface Order {
  readonly action: PlannedAction;
  readonly appIds: readonly string[];
  /** With rollback: to this release. */
  readonly number?: number;
  /** With remove: its data too, with the name that was typed. */
  readonly confirmName?: string;
}

interface OrderState {
  readonly order: Order | null;
  ask(order: Order): void;
  close(): void;
}

/** The order that is being looked at; one at a time, wherever it was asked for. */
export const useOrder = create<OrderState>((set) => ({
  order: null,
  ask: (order) => set({ order }),
  close: () => set({ order: null }),
}));

/** Actions that are orders with a plan. */
export function isPlanned(action: AppAction): action is PlannedAction {
  return action !== 'restart' && action !== 'logs' && action !== 'discard';
}
