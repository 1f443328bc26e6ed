import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { useBridge } from '#renderer/bridge/index.ts';
import { notifyDone, notifyFault } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { AppAction } from '../list/app-actions.ts';
import { isPlanned, useOrder } from './order.ts';

/** Does what a person chose for one app or several: shows its plan, or asks its node at once where nothing is signed. */
export function useAct(): (action: AppAction, apps: readonly { readonly id: string; readonly name: string }[]) => void {
  const bridge = useBridge();
  const [, navigate] = useLocation();
  const ask = useOrder((state) => state.ask);
  return useCallback(
    (action, apps) => {
      const [first] = apps;
      if (first === undefined) return;
      if (isPlanned(action)) {
        ask({ action, appIds: apps.map(({ id }) => id) });
        return;
      }
      if (action === 'logs') {
        navigate(`/apps/${first.id}/logs`);
        return;
      }
      const call = action === 'restart' ? 'restartApp' : 'discardDraft';
      for (const { id, name } of apps)
        void bridge.call(call, { appId: id }).then((answer) => {
          if (answer.ok) notifyDone(action === 'restart' ? words.apps.restarted(name) : words.apps.discarded(name));
          else notifyFault(answer.error);
        });
    },
    [bridge, navigate, ask],
  );
}
