import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../core.ts';
import type { Session } from '../sessions/session-book.ts';

/** A comment now and then, so that a dead connection is noticed at both ends. */
const KEEPALIVE_MS = 15_000;
/** A reader that leaves this much unread is cut off; it resumes with Last-Event-ID. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/**
 * Server-sent events until the reader goes away or its session ends; with a new session it resumes by
 * Last-Event-ID. Browsers read it with fetch: an EventSource can not send the session.
 */
export function streamEvents(core: Core, request: FastifyRequest, reply: FastifyReply, session: Session): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'keep-alive',
  });
  raw.write(': overseer\n\n');
  const lastId = Number(request.headers['last-event-id'] ?? Number.NaN);
  const end = core.events.subscribe(Number.isSafeInteger(lastId) ? lastId : undefined, ({ id, event }) => {
    raw.write(`${id === null ? '' : `id: ${id}\n`}event: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`);
    if (raw.writableLength > MAX_UNREAD_BYTES) raw.destroy();
  });
  const keepalive = setInterval(() => raw.write(': alive\n\n'), KEEPALIVE_MS);
  const finish = (): void => void raw.end();
  const sessionEnd = setTimeout(finish, session.expiresAtMs - core.clock.nowMs());
  session.ended.addEventListener('abort', finish, { once: true });
  raw.on('close', () => {
    clearTimeout(sessionEnd);
    session.ended.removeEventListener('abort', finish);
    clearInterval(keepalive);
    end();
  });
  return reply;
}
