import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ServerSockets, trackServerSockets } from './server-sockets.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

interface Listening {
  readonly sockets: ServerSockets;
  /** Whom connections were taken from, in their order. */
  readonly pushedOut: string[];
  /** Connects from this address of loopback; done when the server has it. */
  from(localAddress: string): Promise<{ socket: Socket; atServer: Socket }>;
}

async function listen(mostStrangers: number): Promise<Listening> {
  const server: Server = createServer();
  const pushedOut: string[] = [];
  const sockets = trackServerSockets(server, { mostStrangers, onPushedOut: (address) => pushedOut.push(address) });
  cleanUps.push(() => {
    sockets.destroyAll();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    sockets,
    pushedOut,
    async from(localAddress) {
      const arrives = once(server, 'connection');
      const socket = connect({ port, host: '127.0.0.1', localAddress });
      socket.on('error', () => {});
      const [atServer] = (await arrives) as [Socket];
      return { socket, atServer };
    },
  };
}

const closed = (socket: Socket) => (socket.closed ? Promise.resolve([]) : once(socket, 'close'));

describe('the connections of a server', () => {
  it('A8-35: a flood pushes out its own oldest; who came before it and who comes during it stay', async () => {
    const { from, pushedOut } = await listen(3);
    const before = await from('127.0.0.2');
    const [first, second, third] = [await from('127.0.0.3'), await from('127.0.0.3'), await from('127.0.0.3')];
    const during = await from('127.0.0.4');
    await Promise.all([closed(first.socket), closed(second.socket)]);
    expect(pushedOut).toEqual(['127.0.0.3', '127.0.0.3']);
    for (const { atServer } of [before, third, during]) expect(atServer.destroyed).toBe(false);
  });

  it('counts nobody who has proved who he is, and nobody who has gone', async () => {
    const { from, sockets, pushedOut } = await listen(2);
    const owner = await from('127.0.0.2');
    sockets.admit(owner.atServer);
    const gone = await from('127.0.0.3');
    gone.socket.destroy();
    await closed(gone.atServer);
    await from('127.0.0.2');
    await from('127.0.0.2');
    expect(pushedOut).toEqual([]);
    await from('127.0.0.3');
    expect(pushedOut).toEqual(['127.0.0.2']);
    expect(owner.atServer.destroyed).toBe(false);
  });

  it('ends them all, and those that come while it closes', async () => {
    const { from, sockets } = await listen(2);
    const there = await from('127.0.0.2');
    sockets.destroyAll();
    const late = await from('127.0.0.2');
    await Promise.all([closed(there.socket), closed(late.socket)]);
  });
});
