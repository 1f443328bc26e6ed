import type WebSocket from 'ws';
import type { z } from 'zod';
import { type Fault, fault } from '#shared/kernel/index.ts';
import { readLinkMessage } from './read-message.ts';

export const PING_EVERY_MS = 5_000;
export const DEAD_AFTER_MS = 15_000;
/** A peer that leaves this much unread is treated as gone, in bytes. */
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;

/** One end of an open link. Messages that arrive before `onMessage` is called wait for it. */
export interface LinkConnection<Out, In> {
  /** On the core the nodeId, on a node the core's SPKI. */
  readonly peer: string;
  readonly closed: boolean;
  /** False when the link is gone: what must not be lost is kept by the caller until it is acknowledged. */
  send(message: Out): boolean;
  /** One listener; called in order of arrival. */
  onMessage(listener: (message: In) => void): void;
  /** Each listener is called once, also when the link is closed already. */
  onClose(listener: (reason: Fault) => void): void;
  close(reason?: Fault): void;
}

export interface ConnectionOptions<In> {
  readonly peer: string;
  readonly incoming: z.ZodType<In>;
  readonly pingEveryMs?: number;
  readonly deadAfterMs?: number;
}

/** Wraps an open WebSocket: validated messages, ping and pong, dead-peer detection. */
export function createLinkConnection<Out, In>(
  socket: WebSocket,
  options: ConnectionOptions<In>,
): LinkConnection<Out, In> {
  const waiting: In[] = [];
  let listener: ((message: In) => void) | undefined;
  const closeListeners: ((reason: Fault) => void)[] = [];
  let reason: Fault | undefined;
  let aliveAt = performance.now();

  const finish = (why: Fault): void => {
    if (reason !== undefined) return;
    reason = why;
    clearInterval(pinger);
    for (const tell of closeListeners) tell(why);
  };
  const pinger = setInterval(() => {
    if (performance.now() - aliveAt > (options.deadAfterMs ?? DEAD_AFTER_MS)) {
      finish(linkLost('The other side was silent for too long.'));
      socket.terminate();
      return;
    }
    socket.ping();
  }, options.pingEveryMs ?? PING_EVERY_MS);
  pinger.unref();

  const connection: LinkConnection<Out, In> = {
    peer: options.peer,
    get closed() {
      return reason !== undefined;
    },
    send(message) {
      if (reason !== undefined || socket.readyState !== socket.OPEN) return false;
      if (socket.bufferedAmount > MAX_QUEUED_BYTES) {
        finish(linkLost('The other side does not read.'));
        socket.terminate();
        return false;
      }
      socket.send(JSON.stringify(message));
      return true;
    },
    onMessage(next) {
      listener = next;
      for (const message of waiting.splice(0)) next(message);
    },
    onClose(next) {
      if (reason !== undefined) next(reason);
      else closeListeners.push(next);
    },
    close(why) {
      finish(why ?? linkLost('This side closed the link.'));
      socket.close(why === undefined ? 1000 : 4000, why?.code);
      // A peer that does not answer the closing handshake must not keep the socket.
      setTimeout(() => socket.terminate(), 2_000).unref();
    },
  };

  socket.on('pong', () => {
    aliveAt = performance.now();
  });
  socket.on('ping', () => {
    aliveAt = performance.now();
  });
  socket.on('message', (data, isBinary) => {
    aliveAt = performance.now();
    if (reason !== undefined) return;
    const message = readLinkMessage(options.incoming, data, isBinary);
    if (message === 'unknown-type') return;
    if (message === 'malformed') {
      connection.close(
        fault(
          'link.bad-message',
          'permanent',
          'The other side sent a message that does not follow the link contract.',
          'Check that both sides run a released version; the log of the other side names the message.',
        ),
      );
      return;
    }
    if (listener) listener(message.value);
    else waiting.push(message.value);
  });
  socket.on('error', (error) => finish(linkLost(error.message)));
  socket.on('close', (code, text) => finish(linkLost(`Closed with ${code} ${text.toString('utf8')}`.trim())));
  return connection;
}

/** The link is gone; the dialler takes care of it. */
export function linkLost(message: string): Fault {
  return fault('link.lost', 'transient', message, 'Nothing: the node dials again by itself.');
}
