import { err, ok, type Result } from '#shared/kernel/index.ts';
import type { SocketPort, SocketRequest } from '../ports/sockets.ts';
import { type CoreClient, errorToFault } from './core-client.ts';

/** A WebSocket to the core that speaks JSON messages. */
export interface CoreSocket {
  send(message: object): void;
  /** Parsed JSON messages until the socket closes; throws a FaultError when it closed before `close` was called. */
  readonly messages: AsyncIterable<unknown>;
  close(): void;
}

/** Opens a WebSocket with a single-use ticket, so that no session ever stands in a URL. */
export async function openCoreSocket(
  client: CoreClient,
  sockets: SocketPort,
  about: Omit<SocketRequest, 'ticket'>,
): Promise<Result<CoreSocket>> {
  const ticket = await client.call('createTicket', { body: {} });
  if (!ticket.ok) return ticket;
  try {
    const socket = await sockets.open({ ...about, ticket: ticket.value.ticket });
    return ok({
      send: (message) => socket.send(JSON.stringify(message)),
      messages: parsed(socket.messages),
      close: () => socket.close(),
    });
  } catch (error) {
    return err(errorToFault(error));
  }
}

async function* parsed(messages: AsyncIterable<string>): AsyncGenerator<unknown> {
  for await (const text of messages) yield JSON.parse(text) as unknown;
}
