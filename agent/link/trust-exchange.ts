import type WebSocket from 'ws';
import { nodeToCoreSchema } from '#shared/contracts/link/messages.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/trust/index.ts';
import { linkLost } from './connection.ts';
import { readLinkMessage } from './read-message.ts';

/** What either end gives and takes when the other is a stranger. */
export interface TrustPort {
  /** The whole log, causal order. */
  entries(): readonly Envelope[];
  /** Takes what verifies. An error says why nothing was taken; `spki` is the stranger's key. */
  receive(entries: readonly Envelope[], spki: string): Promise<Result<void>>;
}

const EXCHANGE_TIMEOUT_MS = 10_000;

/**
 * Each side sends one `trust` message and takes one; anything else ends the exchange. The dialling side hangs up.
 * Gives what `receive` said of the other side's entries.
 */
export function exchangeTrust(
  socket: WebSocket,
  spki: string,
  trust: TrustPort,
  side: 'dials' | 'listens',
): Promise<Result<void>> {
  return new Promise((resolve) => {
    const end = (result: Result<void>): void => {
      clearTimeout(timer);
      socket.removeAllListeners('message');
      if (side === 'dials') socket.close(1000);
      resolve(result);
    };
    const timer = setTimeout(() => {
      end(err(linkLost('The trust exchange took too long.')));
      socket.terminate();
    }, EXCHANGE_TIMEOUT_MS);
    socket.on('error', (error) => end(err(linkLost(error.message))));
    socket.on('close', () => end(err(linkLost('The other side ended the trust exchange.'))));
    socket.once('message', (data) => {
      const entries = readEntries(data);
      if (entries === undefined) {
        end(
          err(
            fault(
              'link.bad-message',
              'permanent',
              'A stranger sent something else than an extension of the trust log.',
              'Nothing: it was cut off.',
            ),
          ),
        );
        socket.terminate();
        return;
      }
      trust.receive(entries, spki).then(end, (error: Error) => end(err(linkLost(error.message))));
    });
    socket.send(JSON.stringify({ type: 'trust', entries: trust.entries() }));
  });
}

function readEntries(data: WebSocket.RawData): readonly Envelope[] | undefined {
  const message = readLinkMessage(nodeToCoreSchema, data, false);
  return typeof message === 'object' && message.value.type === 'trust' ? message.value.entries : undefined;
}
