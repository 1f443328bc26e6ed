import type { Log } from './log.ts';

const WINDOW_MS = 60_000;

/**
 * Warnings that strangers cause, who may cause any number: of each message `most` lines a minute are written, and at its
 * end how many more there were. Otherwise whoever knocks often enough fills the disk that the log lies on.
 */
export function createThinWarnings(log: Log, most = 20): Log['warn'] {
  const counts = new Map<string, number>();
  return (message, fields) => {
    const count = (counts.get(message) ?? 0) + 1;
    counts.set(message, count);
    if (count <= most) log.warn(message, fields);
    if (count > 1) return;
    setTimeout(() => {
      const more = (counts.get(message) ?? 0) - most;
      counts.delete(message);
      if (more > 0) log.warn(message, { more, withinSeconds: WINDOW_MS / 1_000 });
    }, WINDOW_MS).unref();
  };
}
