import type { PlanView } from '#shared/contracts/ipc/index.ts';

/** Whether this device may confirm the plan as it is: it says something, and nothing and nobody else is in the way. */
export function isConfirmable(plan: PlanView): boolean {
  return plan.blocked.length === 0 && plan.ownerCommand === null && plan.lines.length > 0;
}

/** Whether one press may confirm it along with others: no data is lost for ever, and no guardrail is set aside. */
export function isHarmless(plan: PlanView): boolean {
  const setsAside = plan.lines.some(({ subject }) => subject === 'exception');
  return isConfirmable(plan) && plan.deletes.length === 0 && !setsAside;
}
