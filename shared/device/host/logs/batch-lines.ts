import type { LogLineView } from '#shared/contracts/ipc/index.ts';
import type { LogLine } from '../../fleet/read-logs.ts';
import type { Timers } from '../../ports/timers.ts';

/** The oldest line of a batch waits this long at most, in milliseconds. */
const BATCH_MS = 50;
const BATCH_LINES = 250;

/** Gathers lines into batches. A reader that does not take them holds the source up. */
export interface LineBatches {
  /** Resolves when another line may come. */
  add(line: LogLine): Promise<void>;
  /** Sends what is left. */
  end(): Promise<void>;
}

/** Makes batches; `push` resolves when its reader wants more. */
export function createLineBatches(timers: Timers, push: (lines: readonly LogLineView[]) => Promise<void>): LineBatches {
  let batch: LogLineView[] = [];
  let seq = 0;
  let callOff: (() => void) | undefined;
  let pushing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    callOff?.();
    callOff = undefined;
    pushing = pushing.then(() => {
      // Read here: while the reader was slow more lines have come, and they go in one batch.
      const lines = batch;
      batch = [];
      return lines.length === 0 ? undefined : push(lines);
    });
    return pushing;
  };

  return {
    async add({ time, service, stream, line }) {
      batch.push({ seq: seq++, service, stream, at: time, text: line });
      if (batch.length >= BATCH_LINES) return flush();
      callOff ??= timers.after(BATCH_MS, () => void flush());
    },
    end: flush,
  };
}
