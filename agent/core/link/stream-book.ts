import type { CommandListener } from './command-broker.ts';

/** How long an opened stream waits for its reader, in milliseconds. */
export const STREAM_WAIT_MS = 30_000;

interface Stream {
  readonly device: string;
  readonly timer: NodeJS.Timeout;
  /** What came before the reader; bounded by the credit that a node begins with. */
  readonly early: ((reader: CommandListener) => void)[];
  reader: CommandListener | null;
}

/** Streams between their opening by REST and their reader's WebSocket. */
export interface StreamBook {
  /** The listener for the broker; `onAbandoned` when no reader comes in time. */
  open(hash: string, device: string, onAbandoned: () => void): CommandListener;
  /** Gives the stream to its reader, once, and only to the device that opened it. */
  take(hash: string, device: string, reader: CommandListener): boolean;
}

/** Makes the book. */
export function createStreamBook(): StreamBook {
  const waiting = new Map<string, Stream>();
  return {
    open(hash, device, onAbandoned) {
      const timer = setTimeout(() => {
        waiting.delete(hash);
        onAbandoned();
      }, STREAM_WAIT_MS);
      timer.unref();
      const stream: Stream = { device, timer, early: [], reader: null };
      waiting.set(hash, stream);
      const pass = (tell: (reader: CommandListener) => void): void => {
        if (stream.reader === null) stream.early.push(tell);
        else tell(stream.reader);
      };
      return {
        onResult: (result) => pass((reader) => reader.onResult(result)),
        onFrame: (data) => pass((reader) => reader.onFrame(data)),
        onLost: () => pass((reader) => reader.onLost()),
      };
    },
    take(hash, device, reader) {
      const stream = waiting.get(hash);
      if (stream === undefined || stream.device !== device) return false;
      waiting.delete(hash);
      clearTimeout(stream.timer);
      stream.reader = reader;
      for (const tell of stream.early.splice(0)) tell(reader);
      return true;
    },
  };
}
