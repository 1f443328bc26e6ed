import type { Followed } from '#renderer/review/index.ts';
import type { PlanView } from '#shared/contracts/ipc/index.ts';
import type { Fault, Result } from '#shared/kernel/index.ts';

export interface ConfirmedAll {
  readonly sent: number;
  readonly waiting: number;
  /** Those that nobody confirmed yet, beginning with the one that was refused. */
  readonly left: readonly PlanView[];
  readonly fault: Fault | null;
}

/** Confirms plans one after the other and stops at the first refusal: what was sent until then stays sent. */
export async function confirmInTurn(
  plans: readonly PlanView[],
  confirm: (plan: PlanView) => Promise<Result<Followed>>,
): Promise<ConfirmedAll> {
  let sent = 0;
  let waiting = 0;
  for (const [index, plan] of plans.entries()) {
    const result = await confirm(plan);
    if (!result.ok) return { sent, waiting, left: plans.slice(index), fault: result.error };
    if (result.value.kind === 'jobs') sent += 1;
    else waiting += 1;
  }
  return { sent, waiting, left: [], fault: null };
}
