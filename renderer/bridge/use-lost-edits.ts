import { useStore } from 'zustand';
import { useBridgeContext } from './context.ts';
import type { LostEdit } from './documents/lost-edits.ts';

/** What was written in this window and not kept, and how to put it away. */
export function useLostEdits(): { lost: readonly LostEdit[]; dismiss: (id: string) => void } {
  const { lostEdits } = useBridgeContext();
  return { lost: useStore(lostEdits.store), dismiss: lostEdits.dismiss };
}
