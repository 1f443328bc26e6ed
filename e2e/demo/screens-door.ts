import { rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { WorldHandle } from '#world/world.ts';
import { logShows } from '../journeys/fleet.ts';

/** A loopback port of this machine that leads to an address in a world's hub. */
export interface Door {
  readonly port: number;
  close(): void;
}

/** What runs in the hub: a socket file, which both sides see though their networks are apart, that leads on by TCP. */
const INSIDE = `
const { connect, createServer } = require('node:net');
const [file, host, port] = process.argv.slice(1);
createServer((from) => {
  const to = connect(Number(port), host);
  for (const [one, other] of [[from, to], [to, from]]) {
    one.pipe(other);
    one.on('error', () => other.destroy());
    one.on('close', () => other.end());
  }
}).listen(file, () => console.log('the door is open'));
`;

/** Opens a door to `host:port` of the hub. The bytes pass as they are: TLS is between the browser and the core. */
export async function openDoor(world: WorldHandle, host: string, port: number): Promise<Door> {
  const file = join(world.folder, 'door.sock');
  rmSync(file, { force: true });
  const inside = await world.spawn('hub', [process.execPath, '-e', INSIDE, file, host, String(port)], { name: 'door' });
  await logShows(inside, /the door is open/);
  const outside = createServer((from) => {
    const to = connect(file);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.end());
    }
  });
  const listening = await listen(outside);
  return {
    port: listening,
    close() {
      outside.close();
      inside.kill('SIGKILL');
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
