import type { LogLineMessage } from '#shared/contracts/link/commands.ts';
import { FaultError, fault, toBase64, utf8 } from '#shared/kernel/index.ts';
import type { LogLine } from '../reconcile/applier-port.ts';
import type { ReplyStream } from './reply-stream.ts';

/** A frame is sent when it holds this much, or when its oldest line is this old. */
const FRAME_BYTES = 64 * 1024;
const FRAME_AGE_MS = 150;

/** Sends log lines as JSON lines in sealed frames until the log or the reader ends. Never throws. */
export async function streamLogs(lines: AsyncIterable<LogLine>, stream: ReplyStream): Promise<void> {
  let pending: string[] = [];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (pending.length === 0) return;
    const text = pending.join('');
    pending = [];
    size = 0;
    sending = stream.write(utf8(text));
  };
  try {
    for await (const line of lines) {
      if (stream.signal.aborted) return;
      const text = `${JSON.stringify(lineToMessage(line))}\n`;
      pending.push(text);
      size += text.length;
      if (size >= FRAME_BYTES) {
        flush();
        // Credit slows the source down: nothing piles up here for a reader that does not read.
        await sending;
      } else timer ??= setTimeout(flush, FRAME_AGE_MS);
    }
    flush();
    await stream.end();
  } catch (cause) {
    flush();
    const end: LogLineMessage = { fault: logsFault(cause) };
    await stream.end(utf8(`${JSON.stringify(end)}\n`)).catch(() => {});
  } finally {
    clearTimeout(timer);
  }
}

function lineToMessage(line: LogLine): LogLineMessage {
  return { service: line.service, stream: line.stream, time: line.time, line: toBase64(line.bytes) };
}

function logsFault(cause: unknown) {
  if (cause instanceof FaultError) {
    const { code, kind, message, next } = cause.fault;
    return { code, kind, message, next };
  }
  return fault(
    'node.logs-broke',
    'transient',
    `The log ended early: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Run the command again.',
  );
}
