import type { Log } from './log.ts';

const WINDOW_MS = 60_000;

/**
 * Warnings that strangers cause, who may cause any number: of each message, with each `code` that it names, `most` lines a
 * minute are written, and at its end how many more there were. Otherwise whoever knocks often enough fills the disk.
 */
export function createThinWarnings(log: Log, most = 20): Log['warn'] {
  const counts = new Map<string, number>();
  return (message, fields) => {
    // A flood of one kind must not hide another.
    const kind = fields?.code === undefined ? {} : { code: fields.code };
    const key = `${message} ${fields?.code}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= most) log.warn(message, fields);
    if (count > 1) return;
    setTimeout(() => {
      const more = (counts.get(key) ?? 0) - most;
      counts.delete(key);
      if (more > 0) log.warn(message, { ...kind, more, withinSeconds: WINDOW_MS / 1_000 });
    }, WINDOW_MS).unref();
  };
}
