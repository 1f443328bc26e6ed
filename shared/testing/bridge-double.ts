import {
  type Bridge,
  type CallInput,
  type CallName,
  type CallOutput,
  calls,
  type DocumentListener,
  parseTopicMessage,
  type TopicListener,
  type TopicMessage,
  type TopicName,
  type TopicParams,
  topics,
} from '#shared/contracts/ipc/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';

/** A bridge whose answers a test gives; inputs, answers and messages must fit the contract. */
export interface BridgeDouble extends Bridge {
  /** Every call so far, oldest first. */
  readonly called: readonly { name: CallName; input: unknown }[];
  answer<N extends CallName>(name: N, give: (input: CallInput<N>) => Result<CallOutput<N>>): void;
  /** Tells all subscribers of a topic; later subscribers get the last message at once. */
  tell<N extends TopicName>(topic: N, message: TopicMessage<N>): void;
}

/** Makes a bridge double, derived from the same tables as the real ends. */
export function createBridgeDouble(): BridgeDouble {
  const called: { name: CallName; input: unknown }[] = [];
  const answers = new Map<CallName, (input: never) => Result<never>>();
  const last = new Map<TopicName, unknown>();
  const listeners = new Map<TopicName, Set<TopicListener<never>>>();
  return {
    called,
    answer: (name, give) => void answers.set(name, give as never),
    tell(topic, message) {
      parseTopicMessage(topic, message);
      last.set(topic, message);
      for (const listener of listeners.get(topic) ?? []) listener.onMessage(message as never);
    },
    async call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
      const parsed = calls[name].input.parse(input);
      called.push({ name, input: parsed });
      const give = answers.get(name);
      if (!give)
        return err(fault('bridge.bug', 'permanent', `no answer was given for ${name}`, 'Give one in the test.'));
      const result = give(parsed as never);
      if (result.ok) calls[name].output.parse(result.value);
      return result;
    },
    subscribe<N extends TopicName>(topic: N, params: TopicParams<N>, listener: TopicListener<N>) {
      topics[topic].params.parse(params);
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      set.add(listener as never);
      if (last.has(topic)) listener.onMessage(last.get(topic) as never);
      return () => void set.delete(listener as never);
    },
    openDocument(_name: string, listener: DocumentListener) {
      queueMicrotask(() => listener.onOpen());
      return { send: () => undefined, close: () => undefined };
    },
  };
}
