import { useCallback, useEffect } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { TopicItem, TopicName, TopicParams } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { useBridgeContext } from './context.ts';
import { idleEntry } from './topics/topic-cache.ts';
import type { CollectionTopic, RowOf, ValueTopic } from './topics/topic-names.ts';
import type { TopicState } from './topics/topic-state.ts';

/** Reads one topic; `params` null reads nothing yet. Renders again only when what `select` gives is another. */
function useTopicState<T>(topic: TopicName, params: object | null, select: (state: TopicState) => T): T {
  const { topics } = useBridgeContext();
  const entry = params === null ? idleEntry : topics.entry(topic, params);
  useEffect(() => entry.hold(), [entry]);
  return useStore(entry.store, select);
}

const pickValue = ({ value, fault }: TopicState) => ({ value, fault });
const pickRows = ({ rows, byId, ready, fault }: TopicState) => ({ rows, byId, ready, fault });

/**
 * The present value of a topic; undefined until the first message. `fault` says why nothing more comes, the value stays.
 * Params of null: nothing is asked yet.
 */
export function useValue<N extends ValueTopic>(
  topic: N,
  params: TopicParams<N> | null,
): { readonly value: TopicItem<N> | undefined; readonly fault: Fault | null } {
  return useTopicState(topic, params, useShallow(pickValue)) as never;
}

/** All rows of a collection. `ready` is false until the first message: show skeletons, not an empty state. */
export function useRows<N extends CollectionTopic>(
  topic: N,
  params: TopicParams<N> | null,
): {
  readonly rows: readonly RowOf<N>[];
  readonly byId: ReadonlyMap<string, RowOf<N>>;
  readonly ready: boolean;
  readonly fault: Fault | null;
} {
  return useTopicState(topic, params, useShallow(pickRows)) as never;
}

/** One row by its id: a component that shows one row renders only when that row changes. */
export function useRow<N extends CollectionTopic>(
  topic: N,
  params: TopicParams<N> | null,
  id: string | null,
): RowOf<N> | undefined {
  const select = useCallback((state: TopicState) => (id === null ? undefined : state.byId.get(id)), [id]);
  return useTopicState(topic, params, select) as never;
}

/** What `select` makes of a collection's rows: a count, a few ids. Compared shallowly, so that equal means no render. */
export function useRowsSelect<N extends CollectionTopic, T>(
  topic: N,
  params: TopicParams<N> | null,
  select: (rows: readonly RowOf<N>[], ready: boolean) => T,
): T {
  return useTopicState(
    topic,
    params,
    useShallow((state: TopicState) => select(state.rows as never, state.ready)),
  );
}
