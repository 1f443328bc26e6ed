import type { PlanView } from '#shared/contracts/ipc/index.ts';
import { err, fault, ok, type Result, sha256Hex, utf8 } from '#shared/kernel/index.ts';
import type { ChangeDraft } from '../../releases/sign-change.ts';

/** A plan that was shown, with what confirming it does. */
export interface LivePlan {
  readonly view: PlanView;
  readonly draft: ChangeDraft;
  /** Of the edits of an app; else of an order of its own. */
  readonly isOfEdits: boolean;
  /** Lets desired state follow, and gives what is signed then. */
  readonly follow: () => Promise<Result<ChangeDraft>>;
}

const KEPT = 2_000;

/** The plans that a person may confirm, by id. */
export interface PlanBook {
  keep(plan: LivePlan): LivePlan;
  /** Fault `plan.changed` for a plan that is no longer good, or never was. */
  find(planId: string): Result<LivePlan>;
  drop(planId: string): void;
}

/** Makes an empty book. */
export function createPlanBook(): PlanBook {
  const plans = new Map<string, LivePlan>();
  return {
    keep(plan) {
      plans.delete(plan.view.planId);
      plans.set(plan.view.planId, plan);
      for (const oldest of plans.keys()) {
        if (plans.size <= KEPT) break;
        plans.delete(oldest);
      }
      return plan;
    },
    find(planId) {
      const plan = plans.get(planId);
      return plan ? ok(plan) : err(planChanged());
    },
    drop: (planId) => void plans.delete(planId),
  };
}

/** Names a plan by what it would sign: another node, base, body or verb is another plan. */
export function planIdOf(draft: Pick<ChangeDraft, 'appId' | 'node' | 'base' | 'body' | 'verb'>): string {
  const { appId, node, base, body, verb } = draft;
  return sha256Hex(utf8(JSON.stringify([appId, node, base?.header ?? null, sha256Hex(utf8(body)), verb])));
}

/** The fault of a plan that no longer says what would be signed. */
export function planChanged() {
  return fault(
    'plan.changed',
    'conflict',
    'what was shown is no longer what would be signed',
    'Look at the plan as it is now and confirm that one.',
  );
}
