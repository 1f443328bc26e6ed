import { useCallback, useState } from 'react';
import { useBridge, useForgetHistory } from '#renderer/bridge/index.ts';
import type { PlanView } from '#shared/contracts/ipc/index.ts';
import { type Fault, ok, type Result } from '#shared/kernel/index.ts';

/** What came of a confirmed plan: jobs to watch, or an intent that waits for the core. */
export type Followed =
  | { readonly kind: 'jobs'; readonly jobs: readonly string[] }
  | { readonly kind: 'waiting'; readonly intent: string };

type Confirmed = Pick<PlanView, 'planId' | 'appId'>;

/** Confirms a plan that the person saw. What was edited for it can not be undone after. */
export function useConfirmPlan(): (plan: Confirmed) => Promise<Result<Followed>> {
  const bridge = useBridge();
  const forgetHistory = useForgetHistory();
  return useCallback(
    async ({ planId, appId }) => {
      const result = await bridge.call('confirmPlan', { planId });
      if (!result.ok) return result;
      forgetHistory(`app:${appId}`);
      const { value } = result;
      return ok(
        value.outcome === 'sent' ? { kind: 'jobs', jobs: value.jobs } : { kind: 'waiting', intent: value.intent },
      );
    },
    [bridge, forgetHistory],
  );
}

/** As `useConfirmPlan`, for a screen that shows one plan and then how it goes. */
export function useConfirmAndFollow(onFollowed?: (followed: Followed) => void): {
  confirm(plan: Confirmed): Promise<void>;
  readonly busy: boolean;
  readonly fault: Fault | null;
  readonly followed: Followed | null;
} {
  const confirmPlan = useConfirmPlan();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [followed, setFollowed] = useState<Followed | null>(null);
  const confirm = useCallback(
    async (plan: Confirmed) => {
      setBusy(true);
      setFault(null);
      const result = await confirmPlan(plan);
      setBusy(false);
      if (!result.ok) return setFault(result.error);
      setFollowed(result.value);
      onFollowed?.(result.value);
    },
    [confirmPlan, onFollowed],
  );
  return { confirm, busy, fault, followed };
}
