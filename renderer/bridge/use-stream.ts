import { useCallback, useEffect, useRef, useState } from 'react';
import type { TopicItem, TopicMessage, TopicParams } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { useBridge } from './context.ts';
import { topicKey } from './topics/topic-cache.ts';
import type { StreamTopic } from './topics/topic-names.ts';

export interface UsedStream {
  /** The source came to its end, by itself or with a fault. */
  readonly ended: boolean;
  readonly fault: Fault | null;
  /** Begins anew, with the last `tail` lines again: empty what is shown before. */
  restart(): void;
}

/**
 * Reads a stream of its own (never shared) while the component is mounted and params are not null. The source waits for
 * `onAppend` to return, so keep it short: put lines into a buffer and draw on the next frame.
 */
export function useStream<N extends StreamTopic>(
  topic: N,
  params: TopicParams<N> | null,
  handlers: { onAppend(items: readonly TopicItem<N>[]): void; onEnd?(fault: Fault | null): void },
): UsedStream {
  const bridge = useBridge();
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  const [run, setRun] = useState(0);
  const [end, setEnd] = useState<{ fault: Fault | null } | null>(null);
  const key = params === null ? null : `${topicKey(topic, params)} ${run}`;
  const latestParams = useRef(params);
  latestParams.current = params;

  useEffect(() => {
    const asked = latestParams.current;
    if (key === null || asked === null) return;
    setEnd(null);
    return bridge.subscribe(topic, asked, {
      onMessage: (message: TopicMessage<N>) => latest.current.onAppend((message as { append: TopicItem<N>[] }).append),
      onEnd: (fault) => {
        setEnd({ fault });
        latest.current.onEnd?.(fault);
      },
    });
  }, [bridge, topic, key]);

  const restart = useCallback(() => setRun((before) => before + 1), []);
  return { ended: end !== null, fault: end?.fault ?? null, restart };
}
