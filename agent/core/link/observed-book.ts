import { type ObservedApp, type ObservedState, observedStateSchema } from '#shared/contracts/link/observed.ts';
import { utf8ToText } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/trust/index.ts';
import type { RebuildableStore } from '../store/port.ts';

/** The newest report of each node. */
export interface ObservedBook {
  get(node: string): ObservedState | undefined;
  app(node: string, appId: string): ObservedApp | undefined;
  /** Nodes that report this app. */
  nodesOf(appId: string): string[];
  /** Keeps a verified report; false when a newer one is held. */
  put(node: string, state: ObservedState, envelope: Envelope): Promise<boolean>;
}

/** Reads the reports of the last run from the rebuildable store; what no longer reads is left out. */
export async function loadObservedBook(store: RebuildableStore): Promise<ObservedBook> {
  const held = new Map<string, ObservedState>();
  for (const { node, envelope } of await store.listObserved()) {
    const state = parseReport(JSON.parse(envelope) as Envelope);
    if (state !== undefined) held.set(node, state);
  }
  return {
    get: (node) => held.get(node),
    app: (node, appId) => held.get(node)?.apps.find((app) => app.appId === appId),
    nodesOf: (appId) =>
      [...held].filter(([, state]) => state.apps.some((app) => app.appId === appId)).map(([node]) => node),
    async put(node, state, envelope) {
      const before = held.get(node);
      if (before !== undefined && before.seenAt > state.seenAt) return false;
      held.set(node, state);
      await store.putObserved(node, JSON.stringify(envelope));
      return true;
    },
  };
}

function parseReport(envelope: Envelope): ObservedState | undefined {
  try {
    const parsed = observedStateSchema.safeParse(JSON.parse(utf8ToText(Buffer.from(envelope.payload, 'base64'))));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
