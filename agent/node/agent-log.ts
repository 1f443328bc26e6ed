import { type Clock, isoTime, utf8 } from '#shared/kernel/index.ts';
import type { LogLine } from './reconcile/applier-port.ts';

/** Lines that are kept for who asks; all of them also go where the service manager keeps them. */
const KEPT_LINES = 2_000;
/** Longest line that is kept, in characters. */
const LINE_LENGTH = 4_096;

export interface AgentLogQuery {
  readonly tail: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** The agent's own log: written through, its newest lines kept in memory so that a device can read them. */
export interface AgentLog {
  log(line: string): void;
  /** The last `tail` lines, then what follows until the signal. */
  read(query: AgentLogQuery): AsyncGenerator<LogLine>;
}

/** Makes the log. Values never hold a secret: what may be logged may be read by every device that reads logs. */
export function createAgentLog(clock: Clock, write: (line: string) => void, kept = KEPT_LINES): AgentLog {
  let lines: LogLine[] = [];
  /** Number of the first line that is kept. */
  let first = 0;
  const waiting = new Set<() => void>();

  return {
    log(text) {
      write(text);
      const bytes = utf8(text.slice(0, LINE_LENGTH));
      lines.push({ service: 'agent', stream: 'stdout', time: isoTime(clock), bytes });
      if (lines.length > kept) {
        first += lines.length - kept;
        lines = lines.slice(-kept);
      }
      for (const wake of waiting) wake();
    },
    async *read({ tail, follow, signal }) {
      let next = first + Math.max(0, lines.length - tail);
      for (;;) {
        // A reader that was slower than the log goes on with the oldest line that is still kept.
        next = Math.max(next, first);
        const line = lines[next - first];
        if (line) {
          next++;
          yield line;
        } else if (!follow) return;
        else await somethingNew(waiting, signal);
        if (signal.aborted) return;
      }
    },
  };
}

function somethingNew(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    if (signal.aborted) return resolve();
    waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
