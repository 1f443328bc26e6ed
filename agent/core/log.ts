import { type Clock, isoTime, visibleJson } from '#shared/kernel/index.ts';

/** Lines for the operator of the core. Values never hold a secret, a session or a token. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** One JSON object per line. */
export function createJsonLog(clock: Clock, write: (line: string) => void): Log {
  const line =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}): void =>
      write(`${visibleJson(JSON.stringify({ time: isoTime(clock), level, message, ...fields }))}\n`);
  return { info: line('info'), warn: line('warn'), error: line('error') };
}
