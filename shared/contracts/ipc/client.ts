import { err, type Fault, fault, type Result } from '#shared/kernel/index.ts';
import type { Bridge, BridgePort, DocumentListener } from './bridge.ts';
import type { HostToScreen, ScreenToHost } from './messages.ts';
import { topicShapes } from './topic-shapes.ts';

interface Subscription {
  readonly isStream: boolean;
  onMessage(message: never): void;
  onEnd(fault: Fault | null): void;
}

/**
 * The screen's end of the bridge. Its values the host has checked by their schemas before they left, and both ends come
 * from one build: so the page looks at the frame alone, and does not have to load the schemas.
 */
export function createBridgeClient(port: BridgePort): Bridge & { close(): void } {
  let lastId = 0;
  const answers = new Map<number, (result: Result<never>) => void>();
  const subscriptions = new Map<number, Subscription>();
  const documents = new Map<number, DocumentListener>();
  const send = (message: ScreenToHost): void => port.post(message);

  const take = (message: HostToScreen): void => {
    switch (message.type) {
      case 'answer': {
        answers.get(message.id)?.(message.result as Result<never>);
        answers.delete(message.id);
        return;
      }
      case 'message': {
        const subscription = subscriptions.get(message.id);
        subscription?.onMessage(message.message as never);
        if (subscription?.isStream) send({ type: 'credit', id: message.id, messages: 1 });
        return;
      }
      case 'end': {
        const subscription = subscriptions.get(message.id);
        subscriptions.delete(message.id);
        subscription?.onEnd(message.fault as Fault | null);
        return;
      }
      case 'opened':
        documents.get(message.id)?.onOpen();
        return;
      case 'data':
        documents.get(message.id)?.onData(message.bytes);
        return;
      case 'closed': {
        const document = documents.get(message.id);
        documents.delete(message.id);
        document?.onClose(message.code, message.reason);
        return;
      }
      case 'hello':
        return;
    }
  };
  port.onMessage((raw) => {
    if (isFromHost(raw)) take(raw);
  });

  return {
    call: (name, input) =>
      new Promise((resolve) => {
        const id = ++lastId;
        answers.set(id, resolve as (result: Result<never>) => void);
        send({ type: 'call', id, name, input });
      }),
    subscribe(topic, params, listener) {
      const id = ++lastId;
      const isStream = topicShapes[topic] === 'stream';
      subscriptions.set(id, {
        isStream,
        onMessage: listener.onMessage as (message: never) => void,
        onEnd: listener.onEnd,
      });
      send({ type: 'subscribe', id, topic, params });
      return () => {
        if (subscriptions.delete(id)) send({ type: 'unsubscribe', id });
      };
    },
    openDocument(name, listener) {
      const id = ++lastId;
      documents.set(id, listener);
      send({ type: 'open', id, document: name });
      return {
        send: (bytes) => {
          if (documents.has(id)) send({ type: 'data', id, bytes });
        },
        close: () => {
          if (documents.delete(id)) send({ type: 'close', id });
        },
      };
    },
    close() {
      send({ type: 'bye' });
      port.close();
      const gone = err(hostGone());
      for (const answer of answers.values()) answer(gone);
      answers.clear();
    },
  };
}

const framesOfHost: ReadonlySet<unknown> = new Set<HostToScreen['type']>([
  'hello',
  'answer',
  'message',
  'end',
  'opened',
  'data',
  'closed',
]);

/** Tells a frame of the host from what else may be posted to a port, an extension of the browser for instance. */
function isFromHost(raw: unknown): raw is HostToScreen {
  const { type, id } = (typeof raw === 'object' && raw !== null ? raw : {}) as { type?: unknown; id?: unknown };
  return framesOfHost.has(type) && (type === 'hello' || Number.isSafeInteger(id));
}

function hostGone(): Fault {
  return fault('bridge.closed', 'transient', 'this window let go of its device', 'Reload the page.');
}
