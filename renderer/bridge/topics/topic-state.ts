import type { Fault } from '#shared/kernel/index.ts';

/** A row of any collection: all of them have an id. */
export interface AnyRow {
  readonly id: string;
}

/** What is known of one topic. `rows` and `byId` are for collections, `value` for values. */
export interface TopicState {
  /** At least one message came. */
  readonly ready: boolean;
  readonly value: unknown;
  readonly rows: readonly AnyRow[];
  readonly byId: ReadonlyMap<string, AnyRow>;
  /** Why nothing more comes; null while it does. */
  readonly fault: Fault | null;
}

export const emptyTopicState: TopicState = { ready: false, value: undefined, rows: [], byId: new Map(), fault: null };

/** The state after a message of a value. */
export function takeValue(state: TopicState, value: unknown): TopicState {
  return { ...state, ready: true, fault: null, value };
}

/** The state after a message of a collection. Rows that did not change stay the same objects, in their order. */
export function takeRows(
  state: TopicState,
  message: { set: readonly AnyRow[]; drop: readonly string[]; whole: boolean },
): TopicState {
  const byId = new Map(message.whole ? [] : state.byId);
  for (const row of message.set) byId.set(row.id, row);
  for (const id of message.drop) byId.delete(id);
  return { ready: true, value: undefined, rows: [...byId.values()], byId, fault: null };
}

/** The state after the topic ended: what was shown stays, with the reason. */
export function takeEnd(state: TopicState, fault: Fault | null): TopicState {
  return { ...state, fault };
}
