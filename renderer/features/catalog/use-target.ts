import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { decideTarget, nothingChosen, type Target, type TargetChoice } from './target.ts';

export interface UsedTarget {
  readonly ready: boolean;
  readonly nodes: readonly NodeRow[];
  readonly choice: TargetChoice;
  readonly target: Target;
  set(change: Partial<TargetChoice>): void;
}

/** Where a new app goes, as the person chooses it; `?node=` in the address chooses a server beforehand. */
export function useTarget(suggestFrom: string, mayBePublic: boolean, draftId: string | null): UsedTarget {
  const nodes = useRows('nodes', {});
  const apps = useRows('apps', {});
  const routes = useRows('routes', {});
  const [params] = useSearchParams();
  const [choice, setChoice] = useState<TargetChoice>({ ...nothingChosen, nodeId: params.get('node') });
  return {
    ready: nodes.ready && apps.ready,
    nodes: nodes.rows,
    choice,
    target: decideTarget(choice, {
      nodes: nodes.rows,
      apps: apps.rows,
      routes: routes.rows,
      suggestFrom,
      mayBePublic,
      draftId,
    }),
    set: (change) => setChoice((before) => ({ ...before, ...change })),
  };
}
