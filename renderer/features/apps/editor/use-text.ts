import { useCallback, useSyncExternalStore } from 'react';
import type { SharedText } from '#renderer/review/compose-editor/index.ts';

/** What stands in a shared text, as it changes. */
export function useText(text: SharedText): string {
  const subscribe = useCallback(
    (listener: () => void) => {
      text.observe(listener);
      return () => text.unobserve(listener);
    },
    [text],
  );
  return useSyncExternalStore(subscribe, () => text.toString());
}
