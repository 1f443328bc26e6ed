import { useCallback, useSyncExternalStore } from 'react';
import type { UsedDocument } from '#renderer/bridge/index.ts';

/** A text of a document that an editor binds to. */
export type SharedText = NonNullable<ReturnType<UsedDocument['text']>>;

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
