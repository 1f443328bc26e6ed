import type { Server, Socket } from 'node:net';
import { addressBlock } from './address-block.ts';

/** The connections of a server that has two kinds of callers: strangers, and those who proved who they are. */
export interface ServerSockets {
  /** This connection's caller has proved who it is: it counts no more among the strangers. Of TLS, either of its sockets. */
  admit(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): void;
  /** Ends every connection, and each that still comes. */
  destroyAll(): void;
}

export interface ServerSocketsOptions {
  /**
   * Most connections that strangers may have open. With one more, whoever has most of them loses his oldest: a flood
   * pushes out itself, and a caller who comes in meanwhile is let in.
   */
  readonly mostStrangers: number;
  /** A stranger's connection was ended for that. */
  onPushedOut?(address: string): void;
}

/**
 * Knows every connection of a server from its first byte on. Node's own `closeAllConnections` knows only those that have
 * begun a request: one that is still shaking hands, or was upgraded, would keep `close` waiting for ever. Its own
 * `maxConnections` turns away whoever comes last, which in a flood is the owner.
 */
export function trackServerSockets(server: Server, options: ServerSocketsOptions): ServerSockets {
  const open = new Set<Socket>();
  const strangers = createStrangers();
  let closing = false;
  server.on('connection', (socket: Socket) => {
    if (closing) {
      socket.destroy();
      return;
    }
    open.add(socket);
    strangers.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      strangers.forget(socket);
    });
    if (strangers.count() <= options.mostStrangers) return;
    const { socket: last, block } = strangers.takeFromMost();
    last.destroy();
    options.onPushedOut?.(block);
  });
  return {
    admit: (socket) => strangers.admit(endOf(socket)),
    destroyAll() {
      closing = true;
      for (const socket of open) socket.destroy();
    },
  };
}

/** Of a connection's two ends, the far one: it tells a TLS socket and the TCP socket below it to be one connection. */
const endOf = ({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string =>
  `${remoteAddress} ${remotePort}`;

/** The strangers' connections by whom they count for, oldest first. */
function createStrangers() {
  const blocks = new Map<string, Set<Socket>>();
  // Kept from when it came: a closed socket no longer says where it was from.
  const places = new Map<Socket, { end: string; block: string }>();
  const byEnd = new Map<string, Socket>();
  const forget = (socket: Socket): void => {
    const place = places.get(socket);
    if (place === undefined) return;
    places.delete(socket);
    if (byEnd.get(place.end) === socket) byEnd.delete(place.end);
    const block = blocks.get(place.block);
    block?.delete(socket);
    if (block?.size === 0) blocks.delete(place.block);
  };
  return {
    count: () => places.size,
    add(socket: Socket): void {
      const place = { end: endOf(socket), block: addressBlock(socket.remoteAddress ?? '') };
      places.set(socket, place);
      byEnd.set(place.end, socket);
      const block = blocks.get(place.block) ?? new Set();
      blocks.set(place.block, block.add(socket));
    },
    forget,
    admit(end: string): void {
      const socket = byEnd.get(end);
      if (socket !== undefined) forget(socket);
    },
    /** The oldest connection of whoever has most, which is then forgotten. */
    takeFromMost(): { socket: Socket; block: string } {
      let most: [string, Set<Socket>] | undefined;
      for (const entry of blocks) if (entry[1].size > (most?.[1].size ?? 0)) most = entry;
      const [block = '', sockets = new Set<Socket>()] = most ?? [];
      const [socket] = sockets;
      if (socket === undefined) throw new Error('there are no strangers');
      forget(socket);
      return { socket, block };
    },
  };
}
