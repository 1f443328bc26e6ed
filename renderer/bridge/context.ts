import { createContext, useContext } from 'react';
import type { Bridge } from '#shared/contracts/ipc/index.ts';
import type { DocumentCache } from './documents/document-cache.ts';
import type { LostEdits } from './documents/lost-edits.ts';
import type { TopicCache } from './topics/topic-cache.ts';

/** The bridge of this window with what its screens share. */
export interface BridgeContext {
  readonly bridge: Bridge;
  readonly topics: TopicCache;
  readonly documents: DocumentCache;
  readonly lostEdits: LostEdits;
}

export const bridgeContext = createContext<BridgeContext | null>(null);

/** All that the provider holds; for the hooks of this folder. */
export function useBridgeContext(): BridgeContext {
  const context = useContext(bridgeContext);
  if (context === null) throw new Error('a hook of the bridge was called outside BridgeProvider');
  return context;
}

/** The bridge itself, for what the other hooks do not cover. */
export function useBridge(): Bridge {
  return useBridgeContext().bridge;
}

/** Forgets what could be undone in a document: its edits were confirmed. */
export function useForgetHistory(): (document: string) => void {
  return useBridgeContext().documents.forgetHistory;
}
