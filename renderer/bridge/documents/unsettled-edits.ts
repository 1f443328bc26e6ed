/** The host gathers typing for at most five seconds; after twice that, what it was sent is a durable row. */
const SETTLED_AFTER_MS = 10_000;

/** What the persons of one window wrote into a document and the host may not have made durable yet. */
export interface UnsettledEdits {
  /** A person wrote here. */
  note(paths: Iterable<string>): void;
  /** Others changed these fields since: what stands there is no longer what was written here. */
  overtake(paths: Iterable<string>): void;
  /** The connection to the host stands, or not: while it does not, nothing settles. */
  connected(isConnected: boolean): void;
  paths(): string[];
}

/** Makes an empty book of them. */
export function createUnsettledEdits(nowMs: () => number): UnsettledEdits {
  const writtenAtMs = new Map<string, number>();
  let awaySinceMs: number | undefined;
  return {
    note(paths) {
      for (const path of paths) writtenAtMs.set(path, nowMs());
    },
    overtake(paths) {
      for (const path of paths) writtenAtMs.delete(path);
    },
    connected(isConnected) {
      if (!isConnected) awaySinceMs ??= nowMs();
      else {
        // What was written while the host was away reaches it only now.
        for (const [path, atMs] of writtenAtMs)
          if (awaySinceMs !== undefined && atMs >= awaySinceMs - SETTLED_AFTER_MS) writtenAtMs.set(path, nowMs());
        awaySinceMs = undefined;
      }
    },
    paths() {
      const since = (awaySinceMs ?? nowMs()) - SETTLED_AFTER_MS;
      return [...writtenAtMs].filter(([, atMs]) => atMs >= since).map(([path]) => path);
    },
  };
}
