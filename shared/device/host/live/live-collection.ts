import type { Sink } from './sink.ts';

/** Rows by id that subscribers follow: a new one gets all, from then on only what changed travels. */
export interface LiveCollection<Row extends { readonly id: string }> {
  rows(): readonly Row[];
  get(id: string): Row | undefined;
  /** Takes the place of all rows; sends what differs. */
  replace(rows: readonly Row[]): void;
  /** Sets some rows and drops others. */
  change(set: readonly Row[], drop?: readonly string[]): void;
  subscribe(sink: Sink): () => void;
}

/** Makes an empty collection. Nothing is sent before the first `replace`: until then nothing is known. */
export function createLiveCollection<Row extends { readonly id: string }>(): LiveCollection<Row> {
  const held = new Map<string, { row: Row; json: string }>();
  const sinks = new Set<Sink>();
  let isKnown = false;
  const all = (): Row[] => [...held.values()].map(({ row }) => row);

  const change = (set: readonly Row[], drop: readonly string[] = []): void => {
    const changed: Row[] = [];
    for (const row of set) {
      const json = JSON.stringify(row);
      if (held.get(row.id)?.json === json) continue;
      held.set(row.id, { row, json });
      changed.push(row);
    }
    const gone = drop.filter((id) => held.delete(id));
    if (changed.length === 0 && gone.length === 0) return;
    for (const sink of sinks) void sink.push({ set: changed, drop: gone, whole: false });
  };

  return {
    rows: all,
    get: (id) => held.get(id)?.row,
    change,
    replace(rows) {
      const ids = new Set(rows.map(({ id }) => id));
      if (isKnown) {
        return change(
          rows,
          [...held.keys()].filter((id) => !ids.has(id)),
        );
      }
      isKnown = true;
      for (const row of rows) held.set(row.id, { row, json: JSON.stringify(row) });
      for (const sink of sinks) void sink.push({ set: all(), drop: [], whole: true });
    },
    subscribe(sink) {
      sinks.add(sink);
      if (isKnown) void sink.push({ set: all(), drop: [], whole: true });
      return () => void sinks.delete(sink);
    },
  };
}
