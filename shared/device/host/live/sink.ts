import type { Fault } from '#shared/kernel/index.ts';

/** One subscriber of a topic. */
export interface Sink {
  /** In streams it resolves when the reader wants more. */
  push(message: unknown): Promise<void>;
  end(fault: Fault | null): void;
}
