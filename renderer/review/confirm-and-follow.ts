import { useCallback, useState } from 'react';
import { useCall, useForgetHistory } from '#renderer/bridge/index.ts';
import type { PlanView } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';

/** What came of a confirmed plan: jobs to watch, or an intent that waits for the core. */
export type Followed =
  | { readonly kind: 'jobs'; readonly jobs: readonly string[] }
  | { readonly kind: 'waiting'; readonly intent: string };

/** Confirms a plan that the person saw. What was edited for it can not be undone after. */
export function useConfirmAndFollow(onFollowed?: (followed: Followed) => void): {
  confirm(plan: Pick<PlanView, 'planId' | 'appId'>): Promise<void>;
  readonly busy: boolean;
  readonly fault: Fault | null;
  readonly followed: Followed | null;
} {
  const { run, busy, fault } = useCall('confirmPlan');
  const forgetHistory = useForgetHistory();
  const [followed, setFollowed] = useState<Followed | null>(null);
  const confirm = useCallback(
    async ({ planId, appId }: Pick<PlanView, 'planId' | 'appId'>) => {
      const result = await run({ planId });
      if (!result.ok) return;
      const { value } = result;
      const next: Followed =
        value.outcome === 'sent' ? { kind: 'jobs', jobs: value.jobs } : { kind: 'waiting', intent: value.intent };
      forgetHistory(`app:${appId}`);
      setFollowed(next);
      onFollowed?.(next);
    },
    [run, forgetHistory, onFollowed],
  );
  return { confirm, busy, fault, followed };
}
