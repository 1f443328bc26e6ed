import { type ReactNode, useMemo } from 'react';
import type { Bridge } from '#shared/contracts/ipc/index.ts';
import { bridgeContext } from './context.ts';
import { createDocumentCache } from './documents/document-cache.ts';
import { createLostEdits } from './documents/lost-edits.ts';
import { createTopicCache } from './topics/topic-cache.ts';

/** Gives every screen below it this bridge; subscriptions and documents are shared among them. */
export function BridgeProvider({ bridge, children }: { bridge: Bridge; children: ReactNode }) {
  const context = useMemo(() => {
    const lostEdits = createLostEdits();
    return {
      bridge,
      topics: createTopicCache(bridge),
      documents: createDocumentCache(bridge, lostEdits.add),
      lostEdits,
    };
  }, [bridge]);
  return <bridgeContext.Provider value={context}>{children}</bridgeContext.Provider>;
}
