import type { Result } from '#shared/kernel/index.ts';

/**
 * Holds the replica for one editor: two that edit at once would write two different rows under one number, which
 * every replica takes as proof of a cloned device.
 */
export interface ReplicaLock {
  /** A fault of kind transient when somebody else holds it. */
  acquire(): Promise<Result<{ release(): void }>>;
}
