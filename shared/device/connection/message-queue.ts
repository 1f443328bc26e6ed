/** What an adapter needs to turn the events of a socket into messages that are read in turn. */
export interface MessageQueue<T> {
  push(message: T): void;
  /** Ends the messages after those that wait; with an error the reader gets it once those are read. Counts once. */
  end(error?: Error): void;
  /** For one reader. */
  readonly messages: AsyncIterable<T>;
}

/** Makes a queue between the events of a socket and one reader. */
export function createMessageQueue<T>(): MessageQueue<T> {
  const waiting: T[] = [];
  let ended = false;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  async function* read(): AsyncGenerator<T> {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift() as T;
      if (ended) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure) throw failure;
  }
  return {
    push(message) {
      waiting.push(message);
      wake();
    },
    end(error) {
      if (!ended) failure = error;
      ended = true;
      wake();
    },
    messages: read(),
  };
}
