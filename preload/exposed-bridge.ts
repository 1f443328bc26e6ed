import type { Bridge, BridgePort, DocumentListener, TopicListener } from '#shared/contracts/ipc/bridge.ts';
import { calls } from '#shared/contracts/ipc/calls.ts';
import { createBridgeClient } from '#shared/contracts/ipc/client.ts';
import { viewDocumentNameSchema } from '#shared/contracts/ipc/documents.ts';
import { topics } from '#shared/contracts/ipc/topics.ts';

/**
 * The bridge as the page gets it: three functions that take only names of the contract's tables. The main process and
 * the host check again; here it keeps a page from reaching anything but the bridge. Wrong use throws a TypeError.
 */
export function createExposedBridge(port: BridgePort): Bridge {
  const client = createBridgeClient(port);
  return {
    async call(name, input) {
      if (typeof name !== 'string' || !Object.hasOwn(calls, name)) throw new TypeError('there is no such call');
      return client.call(name, input);
    },
    subscribe(topic, params, listener) {
      if (typeof topic !== 'string' || !Object.hasOwn(topics, topic)) throw new TypeError('there is no such topic');
      // Taken apart once: a listener whose functions change later would be called by names that were never checked.
      const { onMessage, onEnd } = listener ?? {};
      needFunctions(onMessage, onEnd);
      return client.subscribe(topic, params, { onMessage, onEnd } as TopicListener<typeof topic>);
    },
    openDocument(name, listener) {
      if (!viewDocumentNameSchema.safeParse(name).success) throw new TypeError('there is no such document');
      const { onOpen, onData, onClose } = listener ?? {};
      needFunctions(onOpen, onData, onClose);
      return client.openDocument(name, { onOpen, onData, onClose } as DocumentListener);
    },
  };
}

function needFunctions(...values: unknown[]): void {
  if (!values.every((value) => typeof value === 'function')) throw new TypeError('the listener lacks a function');
}
