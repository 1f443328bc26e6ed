import type { TopicItem, TopicName, topics } from '#shared/contracts/ipc/index.ts';

type NamesOf<Shape> = { [N in TopicName]: (typeof topics)[N]['shape'] extends Shape ? N : never }[TopicName];

export type ValueTopic = NamesOf<'value'>;
export type CollectionTopic = NamesOf<'collection'>;
export type StreamTopic = NamesOf<'stream'>;

/** One row of a collection. */
export type RowOf<N extends CollectionTopic> = TopicItem<N>;
